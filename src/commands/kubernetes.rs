//! `luthier kubernetes`: the site in a cluster.

use std::path::PathBuf;
use std::process::ExitCode;

use super::deployment::{self, OutputFolder, Writing};
use super::saved_options::{self, SavedOptions};
use crate::context::Context;
use crate::error::Result;
use crate::files;
use crate::package::kubernetes::{self, Gateway};
use crate::package::site::Site;
use crate::paths::slashed;

/// Write the Kubernetes manifests of this site: a kustomize base with overlays
///
/// Run it again when the project has changed: your own edits are kept, and so are the options.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  luthier kubernetes --domain shop.example.org --image registry.example.org/shop
  luthier kubernetes --gateway infra/public    Through the Gateway API
  luthier kubernetes --check                   In CI: exit 1 when it is out of date
  kubectl apply --kustomize deploy/kubernetes/overlays/production")]
pub(crate) struct Args {
    /// Where visitors find the site [default: NAME.example.com]
    #[arg(long, value_name = "NAME", value_parser = deployment::domain)]
    domain: Option<String>,
    /// The image, without its tag [default: the project's name]
    #[arg(long, value_name = "NAME", value_parser = image)]
    image: Option<String>,
    /// The gateway that visitors come through, instead of an Ingress
    #[arg(long, value_name = "[NAMESPACE/]NAME")]
    gateway: Option<Gateway>,
    /// The folder to write to [default: deploy/kubernetes]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    #[command(flatten)]
    writing: Writing,
}

impl SavedOptions for Args {
    const COMMAND: &'static str = "kubernetes";
    const OUTPUT: &'static str = "deploy/kubernetes";

    fn to_args(&self) -> Vec<String> {
        [
            saved_options::words("--domain", self.domain.as_ref()),
            saved_options::words("--image", self.image.as_ref()),
            saved_options::words("--gateway", self.gateway.as_ref()),
        ]
        .concat()
    }

    fn merge(self, saved: Self) -> Self {
        Self {
            domain: self.domain.or(saved.domain),
            image: self.image.or(saved.image),
            gateway: self.gateway.or(saved.gateway),
            ..self
        }
    }
}

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = deployment::project(context)?;
    let output = args.output.as_deref();
    let place = OutputFolder::folder(context, &project.root, output, Args::OUTPUT)?;
    let first = "base/kustomization.yaml";
    let (args, store) = args.load(&place, first, &slashed(&place.prefix))?;
    let site = Site::new(&project, args.domain.as_deref())?;
    let image = args.image.as_deref().unwrap_or(&project.name);
    let files = kubernetes::files(&site, image, args.gateway.as_ref())?;
    let files = args.save(store, files)?;
    let done = deployment::write(context, "kubernetes", &place, files, args.writing)?;
    let unused = match args.gateway {
        Some(_) => "base/ingress.yaml",
        None => "base/route.yaml",
    };
    let unused = place.root.join(&place.prefix).join(unused);
    if files::read(&unused)?.is_some() {
        context.output.warning(format_args!(
            "{} is no longer part of the site: delete it",
            unused.display()
        ));
    }
    Ok(done)
}

/// An image's name, with its registry and without its tag.
fn image(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-/:".contains(c);
    let name = text.rsplit('/').next().unwrap_or_default();
    match !name.is_empty() && text.chars().all(allowed) {
        _ if name.contains(':') => Err("the overlays name the tag, in `newTag`".to_owned()),
        true => Ok(text.to_owned()),
        false => Err("it is not the name of an image, like registry.example.org/shop".to_owned()),
    }
}

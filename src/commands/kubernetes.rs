//! `luthier kubernetes`: the site in a cluster.

use std::path::PathBuf;
use std::process::ExitCode;

use super::deployment::{self, Place, Writing};
use crate::context::Context;
use crate::error::Result;
use crate::package::kubernetes::{self, Gateway};
use crate::package::site::Site;

/// Write the Kubernetes manifests of this site: a kustomize base with overlays
///
/// Run it again when the project has changed: your own edits are kept.
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
    #[arg(long, value_name = "NAME")]
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

pub(crate) fn run(context: &Context, args: Args) -> Result<ExitCode> {
    let project = deployment::project(context)?;
    let output = args.output.as_deref();
    let place = Place::folder(context, &project.root, output, "deploy/kubernetes")?;
    let site = Site::of(&project, args.domain.as_deref());
    let image = args.image.as_deref().unwrap_or(&project.name);
    let files = kubernetes::files(&site, image, args.gateway.as_ref())?;
    deployment::write(context, "kubernetes", &place, files, args.writing)
}

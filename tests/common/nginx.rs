//! nginx, with a site's configuration as Luthier writes it.

use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;

use super::running::Running;
use super::{Outcome, Sandbox, servers};

/// nginx in front of one site, on ports of its own. Stopped when dropped.
pub(crate) struct Nginx {
    running: Running,
    domain: String,
    /// The folder of the certificate, `fullchain.pem`, and all else that it needs.
    folder: PathBuf,
    http: u16,
    https: u16,
}

impl Nginx {
    /// Serves `site`, a configuration for `domain`, as it is but for ports that anybody may listen on, and a certificate
    /// that is there instead of `certificate` and `key`. `None` where there is no nginx: the caller returns.
    pub(crate) fn start(
        sandbox: &Sandbox,
        domain: &str,
        site: &str,
        [certificate, key]: [&str; 2],
    ) -> Option<Self> {
        let program = servers::nginx()?;
        sandbox.make_folder("nginx");
        let folder = sandbox.path("nginx");
        certify(&folder, domain);
        let port = || TcpListener::bind("127.0.0.1:0").and_then(|taken| taken.local_addr());
        let http = port().expect("a port").port();
        let https = port().expect("a port").port();
        let root = folder.display();
        let mut site = site
            .replace(certificate, &format!("{root}/fullchain.pem"))
            .replace(key, &format!("{root}/privkey.pem"));
        for (port, free) in [("80", http), ("443 ssl", https)] {
            let wanted = format!("    listen {port}");
            assert!(site.contains(&wanted), "no {wanted:?}: {site}");
            let own = format!(
                "    listen 127.0.0.1:{}",
                port.replace(port.trim_end_matches(" ssl"), &free.to_string())
            );
            site = site.replace(&wanted, &own);
        }
        // Nothing but this machine's own IPv4 address is sure to be there.
        let lines = site.lines().filter(|line| !line.contains("listen [::]:"));
        let site = lines.map(|line| format!("{line}\n")).collect::<String>();
        let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|what| format!("{what}_temp_path {root}/{what};\n"))
            .concat();
        let around = format!(
            "daemon off;\nmaster_process off;\npid {root}/nginx.pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n\
             access_log off;\n{temporary}{site}}}\n"
        );
        sandbox.write("nginx/nginx.conf", around);
        let mut command = Command::new(program);
        let running = Running::start(command.arg("-c").arg(folder.join("nginx.conf")));
        running.until("nginx listens", |nginx| {
            let heard = nginx.heard();
            assert!(!heard.contains("[emerg]"), "{heard}");
            TcpStream::connect(("127.0.0.1", https)).ok()
        });
        let domain = domain.to_owned();
        Some(Self {
            running,
            domain,
            folder,
            http,
            https,
        })
    }

    /// `curl`, which knows where the site is and trusts its certificate alone.
    pub(crate) fn curl(&self) -> Command {
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--noproxy", "*", "--cacert"])
            .arg(self.folder.join("fullchain.pem"));
        for port in [self.http, self.https] {
            curl.arg("--resolve")
                .arg(format!("{}:{port}:127.0.0.1", self.domain));
        }
        curl
    }

    /// An address of the site.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://{}:{}{path}", self.domain, self.https)
    }

    /// The same without TLS.
    pub(crate) fn plain_url(&self, path: &str) -> String {
        format!("http://{}:{}{path}", self.domain, self.http)
    }

    /// The whole answer, its head in small letters.
    #[track_caller]
    pub(crate) fn ask(&self, url: &str, args: &[&str]) -> String {
        let done = Outcome::of(self.curl().arg("--include").args(args).arg(url)).success();
        match done.stdout.split_once("\r\n\r\n") {
            Some((head, body)) => format!("{}\r\n\r\n{body}", head.to_lowercase()),
            None => done.stdout,
        }
    }

    /// All it has said.
    pub(crate) fn heard(&self) -> String {
        self.running.heard()
    }
}

/// Makes a certificate for `domain` that nobody signed.
fn certify(folder: &std::path::Path, domain: &str) {
    let name = format!("/CN={domain}");
    let also = format!("subjectAltName=DNS:{domain}");
    let mut openssl = Command::new("openssl");
    openssl
        .current_dir(folder)
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:P-256",
        ])
        .args(["-nodes", "-days", "1", "-subj", &name, "-addext", &also])
        .args(["-keyout", "privkey.pem", "-out", "fullchain.pem"]);
    Outcome::of(&mut openssl).success();
}

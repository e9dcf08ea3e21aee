//! Mail by SMTP, through a mail server of the tests' own.

use std::sync::Arc;
use std::time::Duration;

use crate::common::{EMAIL, add_user, path_in, site_with};
use axum::http::StatusCode;
use platform::Site;
use platform::mail::{Mail, Transport};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::time::timeout;

fn transport(port: u16) -> Transport {
    let url = format!("smtp://127.0.0.1:{port}");
    url.parse().expect("it is a mail server")
}

/// Makes a site send its mails to `port`.
fn mailing_to(port: u16) -> impl FnOnce(&mut Site) {
    move |site| Arc::make_mut(&mut site.mailer).transport = transport(port)
}

async fn listen() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("it has an address");
    (listener, address.port())
}

/// Takes one mail as a mail server does, and passes it on with what was said before it.
async fn take(mut stream: TcpStream, taken: UnboundedSender<String>) -> std::io::Result<()> {
    let (read, mut write) = stream.split();
    let mut lines = BufReader::new(read).lines();
    let (mut said, mut in_mail) = (String::new(), false);
    write.write_all(b"220 test\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        said.push_str(&line);
        said.push('\n');
        let answer = match line.as_str() {
            "." => {
                in_mail = false;
                let _ = taken.send(std::mem::take(&mut said));
                "250 taken"
            }
            _ if in_mail => continue,
            "DATA" => {
                in_mail = true;
                "354 go on"
            }
            _ => "250 test",
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_mail_server_gets_plain_text_for_one_recipient() {
    let (listener, port) = listen().await;
    let (taken, mut mails) = unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(take(stream, taken.clone()));
        }
    });
    let (client, ..) = site_with(mailing_to(port)).await;
    let fields = [("email", EMAIL)];
    client.submit("/account/register", &fields).await;
    let mail = timeout(Duration::from_secs(10), mails.recv()).await;
    let mail = mail.ok().flatten().expect("a mail was sent");
    for line in [
        "MAIL FROM:<site@example.org>",
        &format!("RCPT TO:<{EMAIL}>"),
        "From: site@example.org",
        &format!("To: {EMAIL}"),
        "Content-Type: text/plain; charset=utf-8",
    ] {
        assert!(
            mail.lines().any(|other| other.starts_with(line)),
            "{line}: {mail}"
        );
    }
    assert_eq!(mail.matches("RCPT TO").count(), 1);
    let mail = Mail {
        to: EMAIL.to_owned(),
        subject: String::new(),
        // Quoted-printable, as every mail program reads it.
        text: mail.replace("=\n", "").replace("=3D", "="),
    };
    assert_eq!(client.get(&path_in(&mail)).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_mail_server_that_fails_shows_in_no_answer() {
    let (silent, silent_port) = listen().await;
    let (closed, closed_port) = listen().await;
    drop(closed);
    for port in [silent_port, closed_port] {
        let (client, _, site) = site_with(mailing_to(port)).await;
        add_user(&site).await;
        let mut answers = Vec::new();
        for email in [EMAIL, "eve@example.org"] {
            let fields = [("email", email)];
            // Less than mail servers get.
            let answer = timeout(
                Duration::from_secs(5),
                client.submit("/account/forgot", &fields),
            );
            let answer = answer.await.expect("the mail is not waited for");
            answers.push((answer.status, answer.body));
        }
        assert_eq!(answers[0].0, StatusCode::SEE_OTHER);
        assert_eq!(answers[0], answers[1]);
    }
    drop(silent);
}

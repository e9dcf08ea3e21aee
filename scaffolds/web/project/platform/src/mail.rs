//! Mail, as plain text.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use anyhow::Context;
pub use lettre::message::Mailbox;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};

/// How long a mail server may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A mail to one address.
#[derive(Clone, Debug)]
pub struct Mail {
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// Sends mails.
#[derive(Clone, Debug)]
pub struct Mailer {
    pub transport: Transport,
    pub from: Mailbox,
}

/// How mails go out.
#[derive(Clone, Default)]
pub enum Transport {
    /// Not at all: they are logged, for development.
    #[default]
    Log,
    Smtp(Box<AsyncSmtpTransport<Tokio1Executor>>),
    /// Into the hands of a test.
    #[cfg(feature = "testing")]
    Outbox(tokio::sync::mpsc::UnboundedSender<Mail>),
}

/// Without the server's password.
impl fmt::Debug for Transport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Log => "Log",
            Self::Smtp(_) => "Smtp",
            #[cfg(feature = "testing")]
            Self::Outbox(_) => "Outbox",
        })
    }
}

impl FromStr for Transport {
    type Err = String;

    /// `log:`, `smtps://user:password@host`, or `smtp://user:password@host:587?tls=required`.
    fn from_str(url: &str) -> Result<Self, Self::Err> {
        if url == "log:" {
            return Ok(Self::Log);
        }
        let smtp = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| format!("it is neither `log:` nor a mail server: {error}"))?;
        Ok(Self::Smtp(Box::new(smtp.timeout(Some(TIMEOUT)).build())))
    }
}

impl Mailer {
    /// Sends a mail in the background: neither the time it takes nor a failure shows in an answer.
    pub fn send(&self, mail: Mail) {
        let mailer = self.clone();
        tokio::spawn(async move {
            let to = mail.to.clone();
            if let Err(error) = mailer.deliver(mail).await {
                tracing::error!("the mail to {to} was not sent: {error:#}");
            }
        });
    }

    /// Sends a mail and waits until the server has taken it.
    ///
    /// # Errors
    /// The address is none, or the server does not take the mail.
    pub async fn deliver(&self, mail: Mail) -> anyhow::Result<()> {
        let to = mail.to.parse().context("this is not a mail address")?;
        match &self.transport {
            Transport::Log => {
                tracing::info!("mail to {}: {}\n\n{}", mail.to, mail.subject, mail.text);
            }
            Transport::Smtp(smtp) => {
                let message = Message::builder()
                    .from(self.from.clone())
                    .to(Mailbox::new(None, to))
                    .subject(mail.subject)
                    .header(ContentType::TEXT_PLAIN)
                    .body(mail.text)?;
                smtp.send(message).await?;
            }
            #[cfg(feature = "testing")]
            Transport::Outbox(outbox) => outbox.send(mail)?,
        }
        Ok(())
    }
}

//! What the desktop says of notifications: that one was clicked, or its button pressed, or that it is gone.

use super::{BUTTON, CLICK, Ended, Notifications};
use futures_util::StreamExt;
use std::time::Duration;
use zbus::{Connection, MatchRule, MessageStream};

/// How long after the bus was lost it is looked for again.
const AGAIN: Duration = Duration::from_secs(30);

impl<Place: Clone + Send + 'static, News: Clone + Send + 'static> Notifications<Place, News> {
    /// Hears the desktop for as long as the app runs. Without a bus there are no notifications to hear of.
    pub(crate) async fn hear(self) {
        loop {
            match signals().await {
                Ok(mut signals) => {
                    while let Some(Ok(message)) = signals.next().await {
                        self.heard(&message);
                    }
                }
                Err(error) => tracing::info!(%error, "no desktop says when a notification is clicked"),
            }
            tokio::time::sleep(AGAIN).await;
        }
    }

    fn heard(&self, message: &zbus::Message) {
        let header = message.header();
        let body = message.body();
        match header.member().map(|member| member.as_str()) {
            Some("ActionInvoked") => {
                let Ok((id, key)) = body.deserialize::<(u32, String)>() else {
                    return;
                };
                match key.as_str() {
                    CLICK => self.ended(id, Ended::Clicked),
                    BUTTON => self.ended(id, Ended::Pressed),
                    _ => {}
                }
            }
            Some("NotificationClosed") => {
                if let Ok((id, _why)) = body.deserialize::<(u32, u32)>() {
                    self.ended(id, Ended::Closed);
                }
            }
            _ => {}
        }
    }
}

async fn signals() -> zbus::Result<MessageStream> {
    let connection = Connection::session().await?;
    let rule = MatchRule::builder()
        .msg_type(zbus::message::Type::Signal)
        .interface("org.freedesktop.Notifications")
        .build()?;
    MessageStream::for_match_rule(rule, &connection, None).await
}

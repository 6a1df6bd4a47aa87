//! A sign of life on work that takes longer than a second, where a person watches.

use std::io::IsTerminal;
use std::sync::mpsc::{Sender, channel};
use std::thread::{JoinHandle, spawn};
use std::time::Duration;

use indicatif::ProgressBar;
use zhibiao::Lang;

/// Shows nothing for the first second, then a spinner with the time.
pub(crate) struct Progress {
    done: Sender<()>,
    shown: Option<JoinHandle<()>>,
}

impl Progress {
    pub(crate) fn start(lang: Lang) -> Self {
        let (done, waiting) = channel::<()>();
        let shown = std::io::stderr().is_terminal().then(|| {
            spawn(move || {
                if waiting.recv_timeout(Duration::from_secs(1)).is_ok() {
                    return;
                }
                let bar = ProgressBar::new_spinner();
                bar.set_style(
                    indicatif::ProgressStyle::with_template("{spinner} {msg} {elapsed}")
                        .unwrap_or_else(|_| indicatif::ProgressStyle::default_spinner()),
                );
                bar.set_message(lang.of("正在读取和计算", "reading and computing"));
                bar.enable_steady_tick(Duration::from_millis(100));
                let _ = waiting.recv();
                bar.finish_and_clear();
            })
        });
        Self { done, shown }
    }

    pub(crate) fn stop(self) {
        let _ = self.done.send(());
        if let Some(shown) = self.shown {
            let _ = shown.join();
        }
    }
}

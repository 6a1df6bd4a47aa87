//! Long work off the calling thread, so that a person can interrupt it.
//!
//! The calling thread waits without the interpreter, and asks a few times a second whether there is
//! a signal. Once there is, it leaves at once; the work sees that it was cancelled and stops soon
//! after. A panic ends the work and becomes an exception.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Mutex, PoisonError};
use std::thread::{Builder, JoinHandle};
use std::time::{Duration, Instant};

use pyo3::prelude::*;
use zhibiao::Watch;

use crate::error::{Failure, forked, internal};

/// Between two looks for signals.
const PATIENCE: Duration = Duration::from_millis(20);

/// How long the end of the interpreter is held up by work that was cancelled.
const LAST_PATIENCE: Duration = Duration::from_secs(10);

/// Work that was cancelled and may not have ended yet.
static LEFT: Mutex<Vec<JoinHandle<()>>> = Mutex::new(Vec::new());

/// The process that has computed first; 0 before.
static OWNER: AtomicU32 = AtomicU32::new(0);

/// Tells progress to a Python function of rows done and rows there are.
pub(crate) struct Progress {
    pub(crate) watch: Watch,
    pub(crate) told: Option<Py<PyAny>>,
}

/// Does some work, and gives its answer.
pub(crate) fn run<T: Send + 'static>(
    py: Python<'_>,
    progress: &Progress,
    work: impl FnOnce() -> Result<T, Failure> + Send + 'static,
) -> PyResult<T> {
    refuse_fork(py)?;
    let (done, mut answers) = channel();
    let worker = move || {
        // Nobody is there to take the answer of a run that was interrupted.
        let _ = done.send(catch_unwind(AssertUnwindSafe(work)));
    };
    let spawned = Builder::new().name("zhibiao".to_owned()).spawn(worker);
    let mut left = Some(spawned.map_err(|error| internal(py, &error.to_string()))?);
    loop {
        let (back, answer) = py.detach(move || {
            let answer = answers.recv_timeout(PATIENCE);
            (answers, answer)
        });
        answers = back;
        match answer {
            Ok(Ok(result)) => {
                let answer = result?;
                progress.tell(py)?;
                return Ok(answer);
            }
            Ok(Err(panic)) => return Err(internal(py, message(panic.as_ref()))),
            Err(RecvTimeoutError::Disconnected) => return Err(internal(py, "no answer came")),
            Err(RecvTimeoutError::Timeout) => {
                if let Err(signal) = py.check_signals().and_then(|()| progress.tell(py)) {
                    progress.watch.cancel();
                    leave(left.take());
                    return Err(signal);
                }
            }
        }
    }
}

/// Keeps in mind work that was cancelled and may not have ended yet.
fn leave(worker: Option<JoinHandle<()>>) {
    let mut left = LEFT.lock().unwrap_or_else(PoisonError::into_inner);
    left.retain(|worker| !worker.is_finished());
    left.extend(worker);
}

/// Waits for cancelled work before the interpreter ends: it may need the interpreter for a stream,
/// and must not ask for it when it is gone.
#[pyfunction]
pub(crate) fn wait(py: Python<'_>) {
    let left = std::mem::take(&mut *LEFT.lock().unwrap_or_else(PoisonError::into_inner));
    py.detach(|| {
        let began = Instant::now();
        while left.iter().any(|worker| !worker.is_finished()) && began.elapsed() < LAST_PATIENCE {
            std::thread::sleep(PATIENCE);
        }
    });
}

/// Threads do not survive a fork: work handed to them would never be done.
fn refuse_fork(py: Python<'_>) -> PyResult<()> {
    let own = std::process::id();
    match OWNER.compare_exchange(0, own, Ordering::Relaxed, Ordering::Relaxed) {
        Err(owner) if owner != own => Err(forked(py)),
        _ => Ok(()),
    }
}

impl Progress {
    pub(crate) fn new(told: Option<Py<PyAny>>) -> Self {
        Self { watch: Watch::default(), told }
    }

    fn tell(&self, py: Python<'_>) -> PyResult<()> {
        let Some(told) = &self.told else { return Ok(()) };
        told.call1(py, (self.watch.rows(), self.watch.total())).map(|_| ())
    }
}

fn message(panic: &(dyn std::any::Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("a panic without a message")
}

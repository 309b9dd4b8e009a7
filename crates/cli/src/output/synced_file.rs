//! A file that is synced to the disk while it is written, so that the last sync is short.

use std::fs::File;
use std::io::{self, Write};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};

use crate::output::temporary_file::TemporaryFile;

/// The number of bytes between two syncs.
const STRETCH: usize = 16 << 20;

/// A new file and the thread that syncs it.
pub struct Synced {
    file: TemporaryFile,
    /// The number of bytes written since the last sync.
    waiting: usize,
    helper: Option<Helper>,
}

struct Helper {
    wake: SyncSender<()>,
    thread: JoinHandle<io::Result<()>>,
}

impl Synced {
    pub fn new(file: TemporaryFile) -> Self {
        Self { file, waiting: 0, helper: None }
    }

    /// Syncs everything that was written.
    ///
    /// # Errors
    /// A write or a sync failed, now or earlier.
    pub fn finish(mut self) -> io::Result<TemporaryFile> {
        self.join()?;
        self.file.as_file()?.sync_all()?;
        Ok(self.file)
    }

    /// Starts a sync, unless one is running.
    ///
    /// # Errors
    /// An earlier sync failed.
    fn wake(&mut self) -> io::Result<()> {
        self.waiting = 0;
        if self.helper.is_none() {
            // Without the thread, only the last sync is done.
            self.helper = self.file.as_file().and_then(File::try_clone).and_then(Helper::start).ok();
        }
        match self.helper.as_ref().map(|helper| helper.wake.try_send(())) {
            // The thread has ended with an error.
            Some(Err(TrySendError::Disconnected(()))) => self.join(),
            // A sync is running.
            Some(Err(TrySendError::Full(()))) | Some(Ok(())) | None => Ok(()),
        }
    }

    /// Waits for the thread, if there is one.
    fn join(&mut self) -> io::Result<()> {
        let Some(Helper { wake, thread }) = self.helper.take() else { return Ok(()) };
        drop(wake);
        // The system reports an error only once, to the first sync.
        thread.join().unwrap_or_else(|_| Err(io::Error::other("the thread that puts the file on the disk ended")))
    }
}

impl Helper {
    fn start(file: File) -> io::Result<Self> {
        let (wake, awake) = sync_channel(1);
        let thread = thread::Builder::new().spawn(move || sync(&file, &awake))?;
        Ok(Self { wake, thread })
    }
}

fn sync(file: &File, awake: &Receiver<()>) -> io::Result<()> {
    awake.iter().try_for_each(|()| file.sync_data())
}

impl Write for Synced {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.waiting += written;
        if self.waiting >= STRETCH {
            self.wake()?;
        }
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_synced_while_it_is_written_is_complete() -> io::Result<()> {
        let mut synced = Synced::new(TemporaryFile::create_in(&std::env::temp_dir())?);
        let block: Vec<u8> = (0..STRETCH / 2 + 1).map(|byte| byte as u8).collect();
        for written in 0..5 {
            assert_eq!(synced.helper.is_some(), written >= 2, "a small file needs no helper");
            synced.write_all(&block)?;
        }
        let file = synced.finish()?;
        assert!(fs::read(file.path())? == block.repeat(5));
        Ok(())
    }

    #[cfg(unix)]
    #[test]
    fn what_the_helper_could_not_write_is_an_error() -> io::Result<()> {
        // A pipe cannot be synced.
        let failing = || -> io::Result<Helper> {
            let (_, writer) = io::pipe()?;
            let helper = Helper::start(File::from(std::os::fd::OwnedFd::from(writer)))?;
            helper.wake.send(()).map_err(io::Error::other)?;
            Ok(helper)
        };
        let mut synced = Synced::new(TemporaryFile::create_in(&std::env::temp_dir())?);
        synced.helper = Some(failing()?);
        assert!(synced.finish().is_err());

        let mut synced = Synced::new(TemporaryFile::create_in(&std::env::temp_dir())?);
        let helper = failing()?;
        while !helper.thread.is_finished() {
            thread::yield_now();
        }
        synced.helper = Some(helper);
        assert!(synced.write_all(&vec![0; STRETCH]).is_err());
        Ok(())
    }
}

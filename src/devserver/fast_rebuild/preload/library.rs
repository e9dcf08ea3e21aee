//! Loaded into a process before anything else, it makes the process pause when it opens a file, until it is told to
//! continue, and gives it memory that is already mapped.
//!
//! `LUTHIER_WAIT` lists the files, one per line, as the process names them. It continues when it can read a byte from its
//! standard input, and writes an ACK to its standard output; it exits when the input is closed. `LUTHIER_WAIT_MEMORY` is
//! the number of bytes to map. With `LUTHIER_WAIT_BELOW` the processes that it starts pause, too.
//!
//! There is no standard library here: this runs inside another program.

#![no_std]

use core::ffi::{CStr, c_char, c_int, c_long, c_void};
use core::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

unsafe extern "C" {
    fn _exit(status: c_int) -> !;
    fn getenv(name: *const c_char) -> *const c_char;
    fn madvise(address: *mut c_void, length: usize, advice: c_int) -> c_int;
    fn read(file: c_int, buffer: *mut c_void, length: usize) -> isize;
    fn syscall(number: c_long, ...) -> c_long;
    fn unsetenv(name: *const c_char) -> c_int;
    fn write(file: c_int, buffer: *const c_void, length: usize) -> isize;
}

#[cfg(target_arch = "x86_64")]
mod number {
    pub const MMAP: core::ffi::c_long = 9;
    pub const OPENAT: core::ffi::c_long = 257;
}

#[cfg(target_arch = "aarch64")]
mod number {
    pub const MMAP: core::ffi::c_long = 222;
    pub const OPENAT: core::ffi::c_long = 56;
}

// These are the same on all of Linux.
const AT_FDCWD: c_long = -100;
const READ_AND_WRITE: c_int = 0x1 | 0x2;
const PRIVATE_AND_ANONYMOUS: c_int = 0x2 | 0x20;
const HUGE_PAGES: c_int = 14;

const ACK: &[u8; 1] = b"\x06";

const PAGE: usize = 1 << 12;
const HUGE_PAGE: usize = 1 << 21;

/// The files to pause at; null if there are none, or after the pause.
static FILES: AtomicPtr<c_char> = AtomicPtr::new(core::ptr::null_mut());
/// The rest of the mapped memory: from one address to the other.
static MEMORY: AtomicUsize = AtomicUsize::new(0);
static MEMORY_END: AtomicUsize = AtomicUsize::new(0);

#[used]
#[unsafe(link_section = ".init_array")]
static START: extern "C" fn() = start;

extern "C" fn start() {
    // SAFETY: the loader runs this before the program, and so before any thread of it.
    unsafe {
        let files = getenv(c"LUTHIER_WAIT".as_ptr());
        let memory = number_of(getenv(c"LUTHIER_WAIT_MEMORY".as_ptr()));
        if getenv(c"LUTHIER_WAIT_BELOW".as_ptr()).is_null() {
            unsetenv(c"LD_PRELOAD".as_ptr());
        }
        FILES.store(files.cast_mut(), Ordering::Relaxed);
        if memory > 0 {
            map_memory(memory);
        }
    }
}

/// The number at the start of a text, or 0.
unsafe fn number_of(text: *const c_char) -> usize {
    if text.is_null() {
        return 0;
    }
    // SAFETY: a variable of the environment.
    let text = unsafe { CStr::from_ptr(text) }.to_bytes();
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit());
    digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'))
}

/// Maps `length` bytes of memory now: page faults are a part of the time that compiling takes.
unsafe fn map_memory(length: usize) {
    let whole = length + HUGE_PAGE;
    // SAFETY: fresh memory of which nobody knows; a failure is a small negative number.
    unsafe {
        let got = syscall(
            number::MMAP,
            0_usize,
            whole,
            READ_AND_WRITE as usize,
            PRIVATE_AND_ANONYMOUS as usize,
            -1_isize,
            0_usize,
        );
        if got <= 0 {
            return;
        }
        let start = (got as usize).next_multiple_of(HUGE_PAGE);
        madvise(start as *mut c_void, length, HUGE_PAGES);
        for page in (start..start + length).step_by(PAGE) {
            (page as *mut u8).write_volatile(0);
        }
        MEMORY_END.store(start + length, Ordering::Relaxed);
        MEMORY.store(start, Ordering::Relaxed);
    }
}

/// Replaces the C library's: an allocator gets memory that is already mapped, as long as there is some.
///
/// # Safety
///
/// As of the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn mmap(
    address: *mut c_void,
    length: usize,
    protection: c_int,
    flags: c_int,
    file: c_int,
    offset: c_long,
) -> *mut c_void {
    let plain = address.is_null()
        && protection == READ_AND_WRITE
        && flags & PRIVATE_AND_ANONYMOUS == PRIVATE_AND_ANONYMOUS;
    if plain {
        let length = length.next_multiple_of(PAGE);
        let end = MEMORY_END.load(Ordering::Relaxed);
        let taken = MEMORY.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |start| {
            let next = start.checked_add(length)?;
            (start != 0 && next <= end).then_some(next)
        });
        if let Ok(start) = taken {
            return start as *mut c_void;
        }
    }
    // SAFETY: the caller's.
    unsafe {
        syscall(
            number::MMAP,
            address,
            length,
            protection as isize,
            flags as isize,
            file as isize,
            offset,
        ) as *mut c_void
    }
}

/// Replaces the C library's: pauses if it is one of the files.
///
/// # Safety
///
/// As of the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open64(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller's.
    unsafe {
        pause_at(path);
        syscall(number::OPENAT, AT_FDCWD, path, flags as isize, mode as isize) as c_int
    }
}

/// Replaces the C library's, like [`open64`].
///
/// # Safety
///
/// As of the C library's.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn open(path: *const c_char, flags: c_int, mode: c_int) -> c_int {
    // SAFETY: the caller's.
    unsafe { open64(path, flags, mode) }
}

unsafe fn pause_at(path: *const c_char) {
    let files = FILES.load(Ordering::Relaxed);
    if files.is_null() {
        return;
    }
    // SAFETY: both are texts, one of the caller and one of the environment.
    let (path, files) = unsafe { (CStr::from_ptr(path), CStr::from_ptr(files)) };
    let mut files = files.to_bytes().split(|byte| *byte == b'\n');
    if !files.any(|file| file == path.to_bytes()) {
        return;
    }
    FILES.store(core::ptr::null_mut(), Ordering::Relaxed);
    let mut byte = 0_u8;
    // SAFETY: reads into `byte` and writes a byte, or ends the program.
    unsafe {
        if read(0, (&raw mut byte).cast(), 1) != 1 || write(1, ACK.as_ptr().cast(), 1) != 1 {
            _exit(1);
        }
    }
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: ends the program.
    unsafe { _exit(1) }
}

// A preloaded library (LD_PRELOAD) that makes one file-changing call of a program fail.
//
// It counts write, fsync, ftruncate, rename, unlink, mkdir, rmdir and symlink, except on the standard streams.
// FAULT_ACTION is the effect on the call with the number FAULT_CALL, counted from 1:
//
//   kill     SIGKILL ends the process before the call
//   ENOSPC   the call fails: the disk is full
//   EIO      the call fails: the disk does not respond
//   short    a write takes half of the bytes, and the next one fails with ENOSPC; any other call fails with EIO
//
// If FAULT_THREADS is set, the process can create only that many threads.
//
// The library appends the name of each call to the file FAULT_LOG. A first run thus shows how many calls there are.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int call_count = 0;
static int fails_next_write = 0;

static void note(const char *name) {
  const char *path = getenv("FAULT_LOG");
  if (!path) return;
  int log = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (log < 0) return;
  syscall(SYS_write, log, name, strlen(name));
  syscall(SYS_write, log, "\n", 1);
  syscall(SYS_close, log);
}

// Returns the action for this call. NULL when there is none.
static const char *action(const char *name) {
  const char *number = getenv("FAULT_CALL");
  call_count++;
  note(name);
  if (!number || atoi(number) != call_count) return NULL;
  const char *what = getenv("FAULT_ACTION");
  if (what && strcmp(what, "kill") == 0) kill(getpid(), SIGKILL);
  return what;
}

static int fail(const char *what) {
  errno = strcmp(what, "ENOSPC") == 0 ? ENOSPC : EIO;
  return -1;
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  if (descriptor > 2) {
    if (fails_next_write) return fails_next_write = 0, fail("ENOSPC");
    const char *what = action("write");
    if (what && strcmp(what, "short") == 0) {
      fails_next_write = 1;
      count = count / 2 ? count / 2 : 1;
    } else if (what) {
      return fail(what);
    }
  }
  return syscall(SYS_write, descriptor, bytes, count);
}

int fsync(int descriptor) {
  const char *what = action("fsync");
  return what ? fail(what) : (int)syscall(SYS_fsync, descriptor);
}

int ftruncate(int descriptor, off_t length) {
  const char *what = action("ftruncate");
  return what ? fail(what) : (int)syscall(SYS_ftruncate, descriptor, length);
}

int rename(const char *from, const char *to) {
  const char *what = action("rename");
  return what ? fail(what) : (int)syscall(SYS_renameat, AT_FDCWD, from, AT_FDCWD, to);
}

int unlink(const char *path) {
  const char *what = action("unlink");
  return what ? fail(what) : (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}

int rmdir(const char *path) {
  const char *what = action("rmdir");
  return what ? fail(what) : (int)syscall(SYS_unlinkat, AT_FDCWD, path, AT_REMOVEDIR);
}

int symlink(const char *target, const char *path) {
  const char *what = action("symlink");
  return what ? fail(what) : (int)syscall(SYS_symlinkat, target, AT_FDCWD, path);
}

int mkdir(const char *path, mode_t mode) {
  const char *what = action("mkdir");
  return what ? fail(what) : (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

static int thread_count = 0;

int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  static int (*original)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
  if (!original) original = dlsym(RTLD_NEXT, "pthread_create");
  const char *limit = getenv("FAULT_THREADS");
  if (limit && __sync_add_and_fetch(&thread_count, 1) > atoi(limit)) return EAGAIN;
  return original(thread, attributes, body, argument);
}

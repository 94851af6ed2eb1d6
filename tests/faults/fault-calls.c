/* fault-calls.c - preloaded, makes one call of the C library fail, come short or be the last
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fault-calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#define EXPORT __attribute__ ((visibility ("default")))
#define NEXT(name) ((typeof (&name)) dlsym (RTLD_NEXT, #name))

static FaultPlan *plan;

EXPORT void
fault_arm (FaultPlan *new_plan)
{
  plan = new_plan;
}

/* A program that is run as it is finds its plan so. */
__attribute__ ((constructor)) static void
arm_from_environment (void)
{
  const char *path = getenv (FAULT_PLAN_VARIABLE);
  int fd = path != NULL ? (int) syscall (SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0) : -1;
  void *memory = MAP_FAILED;

  if (fd >= 0)
    memory = mmap (NULL, sizeof *plan, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (memory != MAP_FAILED)
    plan = memory;
}

/* What to do at this call: 0 goes on, else an errno; -1 comes short. */
static int
meet (const char *name,
      const char *path,
      int         is_transfer)
{
  if (plan == NULL || strncmp (path, plan->folder, strlen (plan->folder)) != 0 ||
      ++plan->n_calls != plan->number)
    return 0;
  snprintf (plan->name, sizeof plan->name, "%s", name);
  snprintf (plan->what, sizeof plan->what, "%.127s", path + strlen (plan->folder));
  if (plan->action == FAULT_KILL)
    raise (SIGKILL);
  if (plan->action == FAULT_SHORT)
    return is_transfer ? -1 : 0;
  return plan->action == FAULT_NO_SPACE ? ENOSPC : EIO;
}

static int
meet_fd (const char *name,
         int         fd,
         int         is_transfer)
{
  char link[32];
  char path[512];
  long n_bytes = 0;

  if (plan == NULL)
    return 0;
  snprintf (link, sizeof link, "/proc/self/fd/%d", fd);
  n_bytes = syscall (SYS_readlink, link, path, sizeof path - 1);
  path[n_bytes > 0 ? n_bytes : 0] = '\0';
  return meet (name, path, is_transfer);
}

#define MEET(call)               \
  {                              \
    int fault = call;            \
                                 \
    if (fault > 0)               \
      {                          \
        errno = fault;           \
        return -1;               \
      }                          \
  }

#define MEET_PATH(name, path) MEET (meet (#name, path, 0))
#define MEET_FD(name, fd) MEET (meet_fd (#name, fd, 0))

EXPORT int
open64 (const char *path,
        int         flags,
        ...)
{
  mode_t mode = 0;
  va_list arguments;

  va_start (arguments, flags);
  if ((flags & (O_CREAT | __O_TMPFILE)) != 0)
    mode = va_arg (arguments, mode_t);
  va_end (arguments);
  MEET_PATH (open64, path)
  return NEXT (open64) (path, flags, mode);
}

EXPORT ssize_t
pwrite64 (int         fd,
          const void *buffer,
          size_t      n_bytes,
          off64_t     offset)
{
  int fault = meet_fd ("pwrite64", fd, 1);

  if (fault > 0)
    {
      errno = fault;
      return -1;
    }
  return NEXT (pwrite64) (fd, buffer, fault < 0 ? (n_bytes + 1) / 2 : n_bytes, offset);
}

EXPORT ssize_t
pread64 (int     fd,
         void   *buffer,
         size_t  n_bytes,
         off64_t offset)
{
  int fault = meet_fd ("pread64", fd, 1);

  if (fault > 0)
    {
      errno = fault;
      return -1;
    }
  return NEXT (pread64) (fd, buffer, fault < 0 ? (n_bytes + 1) / 2 : n_bytes, offset);
}

EXPORT int
ftruncate64 (int     fd,
             off64_t n_bytes)
{
  MEET_FD (ftruncate64, fd)
  return NEXT (ftruncate64) (fd, n_bytes);
}

EXPORT int
fsync (int fd)
{
  MEET_FD (fsync, fd)
  return NEXT (fsync) (fd);
}

EXPORT int
sync_file_range (int          fd,
                 off64_t      offset,
                 off64_t      n_bytes,
                 unsigned int flags)
{
  MEET_FD (sync_file_range, fd)
  return NEXT (sync_file_range) (fd, offset, n_bytes, flags);
}

EXPORT int
flock (int fd,
       int operation)
{
  MEET_FD (flock, fd)
  return NEXT (flock) (fd, operation);
}

EXPORT int
fchmod (int    fd,
        mode_t mode)
{
  MEET_FD (fchmod, fd)
  return NEXT (fchmod) (fd, mode);
}

EXPORT int
fchown (int   fd,
        uid_t owner,
        gid_t group)
{
  MEET_FD (fchown, fd)
  return NEXT (fchown) (fd, owner, group);
}

EXPORT int
fstat64 (int            fd,
         struct stat64 *info)
{
  MEET_FD (fstat64, fd)
  return NEXT (fstat64) (fd, info);
}

EXPORT int
stat64 (const char    *path,
        struct stat64 *info)
{
  MEET_PATH (stat64, path)
  return NEXT (stat64) (path, info);
}

EXPORT int
lstat64 (const char    *path,
         struct stat64 *info)
{
  MEET_PATH (lstat64, path)
  return NEXT (lstat64) (path, info);
}

EXPORT int
access (const char *path,
        int         mode)
{
  MEET_PATH (access, path)
  return NEXT (access) (path, mode);
}

EXPORT ssize_t
readlink (const char *path,
          char       *buffer,
          size_t      n_bytes)
{
  MEET_PATH (readlink, path)
  return NEXT (readlink) (path, buffer, n_bytes);
}

EXPORT ssize_t
listxattr (const char *path,
           char       *names,
           size_t      n_bytes)
{
  MEET_PATH (listxattr, path)
  return NEXT (listxattr) (path, names, n_bytes);
}

EXPORT ssize_t
getxattr (const char *path,
          const char *name,
          void       *value,
          size_t      n_bytes)
{
  MEET_PATH (getxattr, path)
  return NEXT (getxattr) (path, name, value, n_bytes);
}

EXPORT int
fsetxattr (int         fd,
           const char *name,
           const void *value,
           size_t      n_bytes,
           int         flags)
{
  MEET_FD (fsetxattr, fd)
  return NEXT (fsetxattr) (fd, name, value, n_bytes, flags);
}

EXPORT int
rename (const char *from,
        const char *to)
{
  MEET_PATH (rename, from)
  return NEXT (rename) (from, to);
}

EXPORT int
renameat2 (int          from_fd,
           const char  *from,
           int          to_fd,
           const char  *to,
           unsigned int flags)
{
  MEET_PATH (renameat2, from)
  return NEXT (renameat2) (from_fd, from, to_fd, to, flags);
}

EXPORT int
link (const char *from,
      const char *to)
{
  MEET_PATH (link, from)
  return NEXT (link) (from, to);
}

EXPORT int
unlink (const char *path)
{
  MEET_PATH (unlink, path)
  return NEXT (unlink) (path);
}

/* A failed close has closed nevertheless. */
EXPORT int
close (int fd)
{
  int fault = meet_fd ("close", fd, 0);
  int result = NEXT (close) (fd);

  if (fault > 0)
    {
      errno = fault;
      return -1;
    }
  return result;
}

/* fault-calls.c - preloaded, makes one call of the C library fail, come short or be the last
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "fault-calls.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static FaultPlan *plan;

__attribute__ ((visibility ("default"))) void
fault_arm (FaultPlan *new_plan)
{
  plan = new_plan;
}

/* What to do at this call: 0 goes on, else an errno; -1 comes short. */
static int
meet (const char *name,
      int         is_transfer)
{
  if (plan == NULL || ++plan->n_calls != plan->number)
    return 0;
  plan->name = name;
  if (plan->action == FAULT_KILL)
    raise (SIGKILL);
  if (plan->action == FAULT_SHORT)
    return is_transfer ? -1 : 0;
  return plan->action == FAULT_NO_SPACE ? ENOSPC : EIO;
}

#define NEXT(name) ((typeof (&name)) dlsym (RTLD_NEXT, #name))

#define MEET(name)                   \
  int fault = meet (#name, 0);       \
  if (fault > 0)                     \
    {                                \
      errno = fault;                 \
      return -1;                     \
    }

#define EXPORT __attribute__ ((visibility ("default")))

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
  {
    MEET (open64)
  }
  return NEXT (open64) (path, flags, mode);
}

EXPORT ssize_t
pwrite64 (int         fd,
          const void *buffer,
          size_t      n_bytes,
          off64_t     offset)
{
  int fault = meet ("pwrite64", 1);

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
  int fault = meet ("pread64", 1);

  if (fault > 0)
    {
      errno = fault;
      return -1;
    }
  return NEXT (pread64) (fd, buffer, fault < 0 ? (n_bytes + 1) / 2 : n_bytes, offset);
}

EXPORT int
fsync (int fd)
{
  MEET (fsync)
  return NEXT (fsync) (fd);
}

EXPORT int
flock (int fd,
       int operation)
{
  MEET (flock)
  return NEXT (flock) (fd, operation);
}

EXPORT int
fchmod (int    fd,
        mode_t mode)
{
  MEET (fchmod)
  return NEXT (fchmod) (fd, mode);
}

EXPORT int
fstat64 (int            fd,
         struct stat64 *info)
{
  MEET (fstat64)
  return NEXT (fstat64) (fd, info);
}

EXPORT int
stat64 (const char    *path,
        struct stat64 *info)
{
  MEET (stat64)
  return NEXT (stat64) (path, info);
}

EXPORT int
rename (const char *from,
        const char *to)
{
  MEET (rename)
  return NEXT (rename) (from, to);
}

EXPORT int
unlink (const char *path)
{
  MEET (unlink)
  return NEXT (unlink) (path);
}

/* A failed close has closed nevertheless. */
EXPORT int
close (int fd)
{
  int fault = meet ("close", 0);
  int result = NEXT (close) (fd);

  if (fault > 0)
    {
      errno = fault;
      return -1;
    }
  return result;
}

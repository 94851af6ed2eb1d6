/* mapi-storage-root.c - storages in files and in byte arrays: creating, opening, committing
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-storage-private.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#define ACCESS_MASK 0x3
#define SHARE_MASK 0x70
#define KNOWN_MODE_BITS                                                                             \
  (ACCESS_MASK | SHARE_MASK | STGM_CREATE | STGM_TRANSACTED | STGM_CONVERT | STGM_PRIORITY |        \
   STGM_NOSCRATCH | STGM_NOSNAPSHOT | STGM_DIRECT_SWMR | STGM_DELETEONRELEASE | STGM_SIMPLE)
#define COMMIT_FLAGS                                                                                \
  (STGC_OVERWRITE | STGC_ONLYIFCURRENT | STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE |                  \
   STGC_CONSOLIDATE)

/* The first 8 bytes of a compound file: [MS-CFB] 2.2 */
const guint8 mapi_storage_signature[8] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };

/* --- modes --- */

HRESULT
mapi_storage_check_open_mode (DWORD mode)
{
  DWORD access = mode & ACCESS_MASK;
  DWORD share = mode & SHARE_MASK;

  if ((mode & ~(DWORD) KNOWN_MODE_BITS) != 0 || access == ACCESS_MASK ||
      share > STGM_SHARE_DENY_NONE)
    return STG_E_INVALIDFLAG;
  if ((mode & STGM_DELETEONRELEASE) != 0)
    return STG_E_INVALIDFUNCTION;
  if ((mode & (STGM_CREATE | STGM_CONVERT)) != 0)
    return STG_E_INVALIDFLAG;
  if ((mode & STGM_PRIORITY) != 0)
    return access == STGM_READ && (mode & (STGM_TRANSACTED | STGM_SIMPLE | STGM_NOSCRATCH |
                                           STGM_NOSNAPSHOT)) == 0 ? S_OK : STG_E_INVALIDFLAG;
  if ((mode & STGM_TRANSACTED) != 0)
    return (mode & STGM_SIMPLE) == 0 ? S_OK : STG_E_INVALIDFLAG;
  if ((mode & (STGM_NOSCRATCH | STGM_NOSNAPSHOT)) != 0)
    return STG_E_INVALIDFLAG;
  if ((mode & STGM_DIRECT_SWMR) != 0)
    return (access == STGM_READWRITE && share == STGM_SHARE_DENY_WRITE) ||
           (access == STGM_READ && (share == STGM_SHARE_DENY_NONE || share == 0))
             ? S_OK : STG_E_INVALIDFLAG;
  if (share == STGM_SHARE_EXCLUSIVE)
    return access != STGM_WRITE ? S_OK : STG_E_INVALIDFLAG;
  return access == STGM_READ && share == STGM_SHARE_DENY_WRITE ? S_OK : STG_E_INVALIDFLAG;
}

HRESULT
mapi_storage_check_create_mode (DWORD mode)
{
  DWORD access = mode & ACCESS_MASK;
  DWORD share = mode & SHARE_MASK;

  if ((mode & ~(DWORD) KNOWN_MODE_BITS) != 0 || access == ACCESS_MASK || access == STGM_READ ||
      share > STGM_SHARE_DENY_NONE)
    return STG_E_INVALIDFLAG;
  /* Old contents in a stream of their own are more than anybody asks for. */
  if ((mode & (STGM_PRIORITY | STGM_CONVERT)) != 0)
    return STG_E_INVALIDFLAG;
  if ((mode & STGM_NOSNAPSHOT) != 0 &&
      ((mode & STGM_CREATE) != 0 || (mode & STGM_TRANSACTED) == 0))
    return STG_E_INVALIDFLAG;
  if ((mode & STGM_TRANSACTED) != 0)
    return (mode & STGM_SIMPLE) == 0 ? S_OK : STG_E_INVALIDFLAG;
  if ((mode & STGM_NOSCRATCH) != 0)
    return STG_E_INVALIDFLAG;
  return share == STGM_SHARE_EXCLUSIVE ? S_OK : STG_E_INVALIDFLAG;
}

/* --- sharing, among the openers of this process --- */

typedef struct
{
  char *path;
  DWORD mode;
} Share;

static GMutex shares_mutex;
static GPtrArray *shares; /* (element-type Share) */

static gboolean
mode_denies (DWORD holder,
             DWORD opener)
{
  gboolean reads = (opener & ACCESS_MASK) != STGM_WRITE;
  gboolean writes = (opener & ACCESS_MASK) != STGM_READ;

  switch (holder & SHARE_MASK)
    {
    case STGM_SHARE_EXCLUSIVE:
      return TRUE;
    case STGM_SHARE_DENY_WRITE:
      return writes;
    case STGM_SHARE_DENY_READ:
      return reads;
    default:
      return FALSE;
    }
}

/* One name for a file by whatever links it is reached, also before it is there. */
static char *
resolve_path (const char *path)
{
  char *real = realpath (path, NULL);

  if (real == NULL)
    {
      g_autofree char *folder = g_path_get_dirname (path);
      g_autofree char *base = g_path_get_basename (path);
      g_autofree char *real_folder = realpath (folder, NULL);

      return g_build_filename (real_folder != NULL ? real_folder : folder, base, NULL);
    }
  return real;
}

static HRESULT
share_acquire (const char *path,
               DWORD       mode,
               gpointer   *share)
{
  g_autofree char *name = resolve_path (path);
  Share *own;
  gboolean denied = FALSE;

  g_mutex_lock (&shares_mutex);
  if (shares == NULL)
    shares = g_ptr_array_new ();
  for (guint i = 0; i < shares->len && !denied; i++)
    {
      const Share *other = shares->pdata[i];

      if (strcmp (other->path, name) == 0)
        denied = mode_denies (other->mode, mode) || mode_denies (mode, other->mode);
    }
  if (!denied)
    {
      own = g_new0 (Share, 1);
      own->path = g_strdup (name);
      own->mode = mode;
      g_ptr_array_add (shares, own);
      *share = own;
    }
  g_mutex_unlock (&shares_mutex);
  return denied ? STG_E_SHAREVIOLATION : S_OK;
}

void
mapi_share_release (gpointer share)
{
  Share *own = share;

  g_mutex_lock (&shares_mutex);
  g_ptr_array_remove_fast (shares, own);
  if (shares->len == 0)
    g_clear_pointer (&shares, g_ptr_array_unref);
  g_mutex_unlock (&shares_mutex);
  g_free (own->path);
  g_free (own);
}

/* --- committing --- */

static HRESULT
write_lock_bytes (ILockBytes *lock_bytes,
                  GBytes     *bytes)
{
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  ULARGE_INTEGER at;
  HRESULT hr = S_OK;

  for (at.QuadPart = 0; at.QuadPart < n_bytes && SUCCEEDED (hr);)
    {
      ULONG n = (ULONG) MIN (n_bytes - at.QuadPart, G_MAXINT32);
      ULONG written = 0;

      hr = lock_bytes->lpVtbl->WriteAt (lock_bytes, at, data + at.QuadPart, n, &written);
      if (SUCCEEDED (hr) && written == 0)
        hr = STG_E_MEDIUMFULL;
      at.QuadPart += written;
    }
  at.QuadPart = n_bytes;
  if (SUCCEEDED (hr))
    hr = lock_bytes->lpVtbl->SetSize (lock_bytes, at);
  if (SUCCEEDED (hr))
    hr = lock_bytes->lpVtbl->Flush (lock_bytes);
  return hr;
}

/* What stands before start is somebody else's. */
static HRESULT
write_stream (IStream *stream,
              guint64  start,
              GBytes  *bytes)
{
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  LARGE_INTEGER at = { .QuadPart = (LONGLONG) start };
  ULARGE_INTEGER size = { .QuadPart = start + n_bytes };
  gsize done = 0;
  HRESULT hr = stream->lpVtbl->Seek (stream, at, STREAM_SEEK_SET, NULL);

  while (SUCCEEDED (hr) && done < n_bytes)
    {
      ULONG n = (ULONG) MIN (n_bytes - done, G_MAXINT32);
      ULONG written = 0;

      hr = stream->lpVtbl->Write (stream, data + done, n, &written);
      if (SUCCEEDED (hr) && written == 0)
        hr = STG_E_MEDIUMFULL;
      done += written;
    }
  if (SUCCEEDED (hr))
    hr = stream->lpVtbl->SetSize (stream, size);
  if (SUCCEEDED (hr))
    hr = stream->lpVtbl->Commit (stream, STGC_DEFAULT);
  return hr;
}

HRESULT
mapi_storage_commit (IStorage *iface,
                     DWORD     grfCommitFlags)
{
  MapiStorage *self = (MapiStorage *) iface;
  IMsgCommitFlags flags = IMSG_COMMIT_DEFAULT;
  g_autoptr(GError) error = NULL;
  HRESULT hr = mapi_storage_check (self);

  if (FAILED (hr))
    return hr;
  if ((grfCommitFlags & ~(DWORD) COMMIT_FLAGS) != 0)
    return STG_E_INVALIDFLAG;
  if ((self->mode & ACCESS_MASK) == STGM_READ)
    return STG_E_ACCESSDENIED;
  hr = mapi_storage_flush (self);
  if (FAILED (hr))
    return hr;
  /* A direct storage inside another has no transaction of its own to commit. */
  if (!self->is_root && (self->mode & STGM_TRANSACTED) == 0)
    return S_OK;
  if ((grfCommitFlags & STGC_ONLYIFCURRENT) == 0)
    flags |= IMSG_COMMIT_FORCE;
  if (!imsg_storage_commit (self->storage, flags, NULL, &error))
    return mapi_take_storage_error (&error);
  if (self->committed != NULL)
    return self->committed (self, self->closed_data);
  if (self->lock_bytes != NULL || self->stream != NULL)
    {
      g_autoptr(GBytes) bytes = imsg_storage_write_to_bytes (self->storage, NULL, &error);

      if (bytes == NULL)
        return mapi_take_storage_error (&error);
      return self->lock_bytes != NULL ? write_lock_bytes (self->lock_bytes, bytes)
                                      : write_stream (self->stream, self->stream_start, bytes);
    }
  return S_OK;
}

/* --- files --- */

static char *
absolute_path (const char *path)
{
  return g_canonicalize_filename (path, NULL);
}

/* An empty name for a new file in the temporary folder; the file is there already. */
static char *
make_temporary (void)
{
  g_autofree char *path = g_build_filename (g_get_tmp_dir (), "~DFXXXXXX.tmp", NULL);
  int fd = g_mkstemp_full (path, O_RDWR | O_CLOEXEC, 0600);

  if (fd < 0)
    return NULL;
  close (fd);
  return g_steal_pointer (&path);
}

static HRESULT
create_in_file (const WCHAR  *name,
                DWORD         mode,
                gboolean      large_sectors,
                IStorage    **out)
{
  IMsgStorageFlags flags = large_sectors ? IMSG_STORAGE_LARGE_SECTORS : 0;
  g_autofree char *path = NULL;
  g_autofree char *full_path = NULL;
  g_autofree char *folder = NULL;
  g_autoptr(GFile) file = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GError) error = NULL;
  gpointer share = NULL;
  gboolean exists;
  MapiStorage *self;
  HRESULT hr;

  if (out == NULL)
    return STG_E_INVALIDPOINTER;
  *out = NULL;
  if (name != NULL && name[0] == 0)
    return STG_E_INVALIDNAME;
  hr = mapi_storage_check_create_mode (mode);
  if (FAILED (hr))
    return hr;
  path = name != NULL ? mapi_wide_to_utf8_strict (name) : make_temporary ();
  if (path == NULL)
    return name != NULL ? STG_E_INVALIDNAME : STG_E_ACCESSDENIED;
  full_path = absolute_path (path);
  folder = g_path_get_dirname (full_path);
  if (!g_file_test (folder, G_FILE_TEST_IS_DIR))
    return STG_E_PATHNOTFOUND;
  exists = g_file_test (full_path, G_FILE_TEST_EXISTS);
  if (g_file_test (full_path, G_FILE_TEST_IS_DIR))
    return STG_E_ACCESSDENIED;
  if (exists && name != NULL && (mode & STGM_CREATE) == 0)
    return STG_E_FILEALREADYEXISTS;
  if (exists ? access (full_path, W_OK) != 0 : access (folder, W_OK) != 0)
    return STG_E_ACCESSDENIED;
  hr = share_acquire (full_path, mode, &share);
  if (FAILED (hr))
    return hr;
  file = g_file_new_for_path (full_path);
  if (exists)
    flags |= IMSG_STORAGE_REPLACE;
  storage = imsg_storage_create_file (file, flags, &error);
  /* A new file appears at once, an old one is replaced at once unless that is transacted. */
  if (storage != NULL && (!exists || name == NULL || (mode & STGM_TRANSACTED) == 0) &&
      !imsg_storage_commit (storage, IMSG_COMMIT_FORCE, NULL, &error))
    g_clear_object (&storage);
  if (storage == NULL)
    {
      mapi_share_release (share);
      return mapi_take_storage_error (&error);
    }
  self = mapi_storage_new (g_steal_pointer (&storage), mode);
  self->is_root = TRUE;
  self->path = g_steal_pointer (&full_path);
  self->delete_on_release = (mode & STGM_DELETEONRELEASE) != 0;
  self->share = share;
  *out = &self->iface;
  return S_OK;
}

HRESULT
StgCreateDocfile (const WCHAR  *pwcsName,
                  DWORD         grfMode,
                  DWORD         reserved,
                  IStorage    **ppstgOpen)
{
  if (ppstgOpen == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstgOpen = NULL;
  if (reserved != 0)
    return STG_E_INVALIDPARAMETER;
  return create_in_file (pwcsName, grfMode, FALSE, ppstgOpen);
}

static gboolean
has_signature (const char *path)
{
  guint8 start[sizeof mapi_storage_signature];
  int fd = mapi_open_regular (path, O_RDONLY | O_CLOEXEC);
  ssize_t n_read;

  if (fd < 0)
    return FALSE;
  n_read = read (fd, start, sizeof start);
  close (fd);
  return n_read == (ssize_t) sizeof start &&
         memcmp (start, mapi_storage_signature, sizeof start) == 0;
}

static HRESULT
code_of_missing (const char *path)
{
  g_autofree char *folder = g_path_get_dirname (path);

  return g_file_test (folder, G_FILE_TEST_IS_DIR) ? STG_E_FILENOTFOUND : STG_E_PATHNOTFOUND;
}

/* Opens for writing when that is wanted, or when edits that are never committed are. */
static IMsgStorage *
open_for_mode (GFile   *file,
               DWORD    mode,
               GError **error)
{
  gboolean writes = (mode & ACCESS_MASK) != STGM_READ;
  IMsgStorage *storage = NULL;

  if (writes || (mode & STGM_TRANSACTED) != 0)
    storage = imsg_storage_open_file (file, IMSG_STORAGE_READ_WRITE, NULL, error);
  if (storage == NULL && !writes)
    {
      g_clear_error (error);
      storage = imsg_storage_open_file (file, IMSG_STORAGE_READ, NULL, error);
    }
  return storage;
}

static HRESULT
open_in_file (const WCHAR  *name,
              DWORD         mode,
              IStorage    **out)
{
  g_autofree char *path = NULL;
  g_autofree char *full_path = NULL;
  g_autoptr(GFile) file = NULL;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GError) error = NULL;
  gboolean writes = (mode & ACCESS_MASK) != STGM_READ;
  gpointer share = NULL;
  MapiStorage *self;
  HRESULT hr;

  if (out == NULL)
    return STG_E_INVALIDPOINTER;
  *out = NULL;
  if (name == NULL || name[0] == 0)
    return STG_E_INVALIDNAME;
  hr = mapi_storage_check_open_mode (mode);
  if (FAILED (hr))
    return hr;
  path = mapi_wide_to_utf8_strict (name);
  if (path == NULL)
    return STG_E_INVALIDNAME;
  full_path = absolute_path (path);
  if (!g_file_test (full_path, G_FILE_TEST_EXISTS))
    return code_of_missing (full_path);
  if (g_file_test (full_path, G_FILE_TEST_IS_DIR) ||
      access (full_path, writes ? R_OK | W_OK : R_OK) != 0)
    return STG_E_ACCESSDENIED;
  if (!has_signature (full_path))
    return STG_E_FILEALREADYEXISTS;
  hr = share_acquire (full_path, mode, &share);
  if (FAILED (hr))
    return hr;
  file = g_file_new_for_path (full_path);
  storage = open_for_mode (file, mode, &error);
  if (storage == NULL)
    {
      mapi_share_release (share);
      return mapi_take_storage_error (&error);
    }
  self = mapi_storage_new (g_steal_pointer (&storage), mode);
  self->is_root = TRUE;
  self->path = g_steal_pointer (&full_path);
  self->share = share;
  *out = &self->iface;
  return S_OK;
}

HRESULT
StgOpenStorage (const WCHAR  *pwcsName,
                IStorage     *pstgPriority,
                DWORD         grfMode,
                SNB           snbExclude,
                DWORD         reserved,
                IStorage    **ppstgOpen)
{
  if (ppstgOpen == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstgOpen = NULL;
  if (pwcsName == NULL || pwcsName[0] == 0)
    return STG_E_INVALIDNAME;
  if (pstgPriority != NULL || snbExclude != NULL || reserved != 0)
    return STG_E_INVALIDPARAMETER;
  return open_in_file (pwcsName, grfMode, ppstgOpen);
}

static HRESULT
check_format (DWORD        format,
              STGOPTIONS  *options,
              DWORD        attributes,
              const IID   *riid,
              void       **object)
{
  if (object == NULL)
    return STG_E_INVALIDPOINTER;
  *object = NULL;
  if (riid == NULL || !IsEqualIID (riid, &IID_IStorage))
    return E_NOINTERFACE;
  if ((format != STGFMT_STORAGE && format != STGFMT_ANY && format != STGFMT_DOCFILE) ||
      (attributes & ~(DWORD) FILE_FLAG_NO_BUFFERING) != 0 ||
      (options != NULL && format != STGFMT_DOCFILE))
    return STG_E_INVALIDPARAMETER;
  if (options != NULL && (options->usVersion < 1 || options->usVersion > 2 ||
                          options->reserved != 0))
    return STG_E_INVALIDPARAMETER;
  return S_OK;
}

HRESULT
StgCreateStorageEx (const WCHAR          *pwcsName,
                    DWORD                 grfMode,
                    DWORD                 stgfmt,
                    DWORD                 grfAttrs,
                    STGOPTIONS           *pStgOptions,
                    PSECURITY_DESCRIPTOR  pSecurityDescriptor,
                    REFIID                riid,
                    void                **ppObjectOpen)
{
  HRESULT hr = check_format (stgfmt, pStgOptions, grfAttrs, riid, ppObjectOpen);
  gboolean large_sectors = FALSE;

  if (FAILED (hr))
    return hr;
  if (stgfmt == STGFMT_ANY)
    return STG_E_INVALIDPARAMETER;
  if (pStgOptions != NULL)
    {
      large_sectors = pStgOptions->ulSectorSize == 4096;
      if (!large_sectors && pStgOptions->ulSectorSize != 512)
        return STG_E_INVALIDPARAMETER;
      if (large_sectors && (grfMode & STGM_SIMPLE) != 0)
        return STG_E_INVALIDFLAG;
    }
  return create_in_file (pwcsName, grfMode, large_sectors, (IStorage **) ppObjectOpen);
}

HRESULT
StgOpenStorageEx (const WCHAR          *pwcsName,
                  DWORD                 grfMode,
                  DWORD                 stgfmt,
                  DWORD                 grfAttrs,
                  STGOPTIONS           *pStgOptions,
                  PSECURITY_DESCRIPTOR  pSecurityDescriptor,
                  REFIID                riid,
                  void                **ppObjectOpen)
{
  HRESULT hr = check_format (stgfmt, pStgOptions, grfAttrs, riid, ppObjectOpen);

  if (FAILED (hr))
    return hr;
  hr = open_in_file (pwcsName, grfMode, (IStorage **) ppObjectOpen);
  if (SUCCEEDED (hr) && pStgOptions != NULL)
    {
      MapiStorage *self = *ppObjectOpen;

      pStgOptions->ulSectorSize = imsg_storage_get_version (self->storage) == 4 ? 4096 : 512;
    }
  return hr;
}

HRESULT
StgIsStorageFile (const WCHAR *pwcsName)
{
  g_autofree char *path = NULL;

  if (pwcsName == NULL || pwcsName[0] == 0)
    return STG_E_INVALIDNAME;
  path = mapi_wide_to_utf8_strict (pwcsName);
  if (path == NULL)
    return STG_E_INVALIDNAME;
  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    return STG_E_FILENOTFOUND;
  return has_signature (path) ? S_OK : S_FALSE;
}

static struct timespec
timespec_from_filetime (const FILETIME *time)
{
  struct timespec result = { 0, UTIME_OMIT };
  guint64 ticks;

  if (time == NULL)
    return result;
  ticks = mapi_filetime_to_ticks (*time);
  if (ticks < G_GUINT64_CONSTANT (116444736000000000))
    return result;
  ticks -= G_GUINT64_CONSTANT (116444736000000000);
  result.tv_sec = (time_t) (ticks / 10000000);
  result.tv_nsec = (long) (ticks % 10000000) * 100;
  return result;
}

HRESULT
StgSetTimes (const WCHAR    *pwcsName,
             const FILETIME *pctime,
             const FILETIME *patime,
             const FILETIME *pmtime)
{
  g_autofree char *path = NULL;
  struct timespec times[2];

  if (pwcsName == NULL || pwcsName[0] == 0)
    return STG_E_INVALIDNAME;
  path = mapi_wide_to_utf8_strict (pwcsName);
  if (path == NULL)
    return STG_E_INVALIDNAME;
  /* A file has no time of creation that could be set here. */
  times[0] = timespec_from_filetime (patime);
  times[1] = timespec_from_filetime (pmtime);
  if (utimensat (AT_FDCWD, path, times, 0) == 0)
    return S_OK;
  return errno == ENOENT || errno == ENOTDIR ? code_of_missing (path) : STG_E_ACCESSDENIED;
}

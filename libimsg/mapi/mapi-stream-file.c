/* mapi-stream-file.c - functions that open streams on memory and on files
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-stream-private.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

HRESULT
CreateStreamOnHGlobal (HGLOBAL   hGlobal,
                       BOOL      fDeleteOnRelease,
                       IStream **ppstm)
{
  if (ppstm == NULL)
    return E_INVALIDARG;
  *ppstm = NULL;
  if (hGlobal != NULL)
    return E_INVALIDARG;
  *ppstm = mapi_stream_new (mapi_content_new_memory (NULL, 0));
  return S_OK;
}

IStream *
SHCreateMemStream (const BYTE *pInit,
                   UINT        cbInit)
{
  if (cbInit > G_MAXINT32)
    return NULL;
  return mapi_stream_new (mapi_content_new_memory (pInit, pInit != NULL ? cbInit : 0));
}

int
mapi_open_regular (const char *path,
                   int         flags)
{
  int fd = open (path, flags | O_NONBLOCK, 0666);
  struct stat status;

  if (fd >= 0 && (fstat (fd, &status) != 0 || !S_ISREG (status.st_mode)))
    {
      close (fd);
      errno = EACCES;
      return -1;
    }
  return fd;
}

HRESULT
SHCreateStreamOnFileEx (LPCWSTR   pszFile,
                        DWORD     grfMode,
                        DWORD     dwAttributes,
                        BOOL      fCreate,
                        IStream  *pstmTemplate,
                        IStream **ppstm)
{
  g_autofree char *path = NULL;
  gboolean is_writable = (grfMode & 3) != STGM_READ;
  MapiContent *content;
  int flags;
  int fd;

  if (ppstm == NULL)
    return E_INVALIDARG;
  *ppstm = NULL;
  if (pszFile == NULL || pstmTemplate != NULL || (grfMode & 3) == 3)
    return E_INVALIDARG;
  path = mapi_wide_to_utf8_strict (pszFile);
  if (path == NULL)
    return HRESULT_FROM_WIN32 (ERROR_INVALID_PARAMETER);
  flags = O_CLOEXEC | ((grfMode & 3) == STGM_READ ? O_RDONLY : O_RDWR);
  if ((grfMode & STGM_CREATE) != 0)
    flags = O_CLOEXEC | O_RDWR | O_CREAT | O_TRUNC;
  else if (fCreate)
    flags = O_CLOEXEC | O_RDWR | O_CREAT | O_EXCL;
  fd = mapi_open_regular (path, flags);
  if (fd < 0)
    {
      switch (errno)
        {
        case ENOENT:
          return HRESULT_FROM_WIN32 (ERROR_FILE_NOT_FOUND);
        case ENOTDIR:
          return HRESULT_FROM_WIN32 (ERROR_PATH_NOT_FOUND);
        case EEXIST:
          return HRESULT_FROM_WIN32 (ERROR_FILE_EXISTS);
        case ENOSPC:
          return HRESULT_FROM_WIN32 (ERROR_DISK_FULL);
        default:
          return HRESULT_FROM_WIN32 (ERROR_ACCESS_DENIED);
        }
    }
  content = mapi_content_new_file (fd, is_writable,
                                   (grfMode & STGM_DELETEONRELEASE) != 0 ? path : NULL);
  content->mode = grfMode & ~(DWORD) STGM_CREATE;
  *ppstm = mapi_stream_new (content);
  return S_OK;
}

/* --- OpenStreamOnFile --- */

#define KNOWN_FLAGS (STGM_READWRITE | STGM_CREATE | STGM_DELETEONRELEASE | SOF_UNIQUEFILENAME)

/* A new file: prefix of up to 3 bytes, 4 hexadecimal digits, .TMP; %NULL when there is no place */
static char *
create_unique (const char *directory,
               const char *prefix,
               int        *fd)
{
  g_autofree char *start = NULL;

  if (directory == NULL || *directory == '\0')
    directory = g_get_tmp_dir ();
  if (prefix == NULL || *prefix == '\0')
    prefix = "SOF";
  if (g_utf8_validate (prefix, -1, NULL))
    start = g_utf8_substring (prefix, 0, MIN (3, g_utf8_strlen (prefix, -1)));
  else
    start = g_strndup (prefix, 3);
  for (int i = 0; i < 65536; i++)
    {
      g_autofree char *name =
        g_strdup_printf ("%s%04X.TMP", start, (guint) g_random_int_range (0, 65536));
      g_autofree char *path = g_build_filename (directory, name, NULL);

      *fd = open (path, O_CLOEXEC | O_RDWR | O_CREAT | O_EXCL, 0600);
      if (*fd >= 0)
        return g_steal_pointer (&path);
      if (errno != EEXIST)
        break;
    }
  return NULL;
}

HRESULT
OpenStreamOnFile (LPALLOCATEBUFFER  lpAllocateBuffer,
                  LPFREEBUFFER      lpFreeBuffer,
                  ULONG             ulFlags,
                  LPCSTR            lpszFileName,
                  LPCSTR            lpszPrefix,
                  LPSTREAM         *lppStream)
{
  gboolean is_unique = (ulFlags & SOF_UNIQUEFILENAME) != 0;
  gboolean creates = (ulFlags & STGM_CREATE) != 0;
  gboolean is_writable = (ulFlags & STGM_READWRITE) != 0;
  g_autofree char *path = NULL;
  MapiContent *content;
  int fd = -1;

  if (lppStream == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppStream = NULL;
  if ((ulFlags & ~(ULONG) KNOWN_FLAGS) != 0 || (creates && !is_writable) ||
      (is_unique && !creates) ||
      (lpszFileName == NULL && !is_unique && !(creates && (ulFlags & STGM_DELETEONRELEASE) != 0)))
    return MAPI_E_INVALID_PARAMETER;
  errno = 0;
  if (is_unique || lpszFileName == NULL)
    {
      path = create_unique (lpszFileName, lpszPrefix, &fd);
    }
  else
    {
      path = g_strdup (lpszFileName);
      fd = mapi_open_regular (path, O_CLOEXEC | (is_writable ? O_RDWR : O_RDONLY) |
                                      (creates ? O_CREAT | O_TRUNC : 0));
    }
  if (fd < 0)
    return errno == ENOENT || errno == ENOTDIR ? MAPI_E_NOT_FOUND : MAPI_E_NO_ACCESS;
  content = mapi_content_new_file (fd, is_writable,
                                   (ulFlags & STGM_DELETEONRELEASE) != 0 ? path : NULL);
  content->name = (WCHAR *) g_utf8_to_utf16 (path, -1, NULL, NULL, NULL);
  *lppStream = mapi_stream_new (content);
  return S_OK;
}

HRESULT
OpenStreamOnFileW (LPALLOCATEBUFFER  lpAllocateBuffer,
                   LPFREEBUFFER      lpFreeBuffer,
                   ULONG             ulFlags,
                   LPCWSTR           lpszFileName,
                   LPCWSTR           lpszPrefix,
                   LPSTREAM         *lppStream)
{
  g_autofree char *name = NULL;
  g_autofree char *prefix = NULL;

  if (lppStream == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppStream = NULL;
  if (lpszFileName != NULL && (name = mapi_wide_to_utf8_strict (lpszFileName)) == NULL)
    return MAPI_E_INVALID_PARAMETER;
  if (lpszPrefix != NULL && (prefix = mapi_wide_to_utf8_strict (lpszPrefix)) == NULL)
    return MAPI_E_INVALID_PARAMETER;
  return OpenStreamOnFile (lpAllocateBuffer, lpFreeBuffer, ulFlags, name, prefix, lppStream);
}

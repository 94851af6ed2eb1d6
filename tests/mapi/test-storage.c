/* test-storage.c - IStorage, IStream, IEnumSTATSTG, ILockBytes
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#define COBJMACROS
#include <sys/stat.h>

#include <objbase.h>
#include <shlwapi.h>
#include <mapiutil.h>

#include "mapi-files.h"
#include "mapi-test.h"

#define TRANSACTED (STGM_READWRITE | STGM_TRANSACTED)
#define MEMBER (STGM_READWRITE | STGM_SHARE_EXCLUSIVE)
#define MEMBER_READ (STGM_READ | STGM_SHARE_EXCLUSIVE)

static IStorage *
create (const char *name, DWORD mode)
{
  IStorage *storage = NULL;

  CHECK_HR (StgCreateDocfile (path_of (name), mode, 0, &storage), S_OK);
  return storage;
}

static void
put_stream (IStorage *storage, const char *name, const char *text)
{
  IStream *stream = NULL;

  CHECK_HR (IStorage_CreateStream (storage, wide (name), MEMBER | STGM_CREATE, 0, 0, &stream),
            S_OK);
  CHECK_HR (IStream_Write (stream, text, (ULONG) strlen (text), NULL), S_OK);
  CHECK (IStream_Release (stream) == 0);
}

static int
has_stream (IStorage *storage, const char *name, const char *text)
{
  IStream *stream = NULL;
  char read[64];
  ULONG n = 0;
  HRESULT hr = IStorage_OpenStream (storage, wide (name), NULL, MEMBER_READ, 0, &stream);

  if (FAILED (hr))
    return 0;
  IStream_Read (stream, read, sizeof read, &n);
  IStream_Release (stream);
  return n == strlen (text) && memcmp (read, text, n) == 0;
}

static void
test_open_modes (void)
{
  static const struct
  {
    DWORD   mode;
    HRESULT expected;
  } modes[] = {
    { 0x10000, S_OK }, { 0x10002, S_OK }, { 0x10010, S_OK }, { 0x10012, S_OK }, { 0x10020, S_OK },
    { 0x10022, S_OK }, { 0x10040, S_OK }, { 0x20, S_OK }, { 0x10, S_OK }, { 0x12, S_OK },
    { 0, STG_E_INVALIDFLAG }, { 0x40, STG_E_INVALIDFLAG }, { 0x30, STG_E_INVALIDFLAG },
    { 0x22, STG_E_INVALIDFLAG }, { STGM_PRIORITY, S_OK },
    { STGM_PRIORITY | STGM_READWRITE, STG_E_INVALIDFLAG },
    { STGM_PRIORITY | STGM_TRANSACTED, STG_E_INVALIDFLAG },
    { STGM_SIMPLE | 0x12, S_OK }, { STGM_DIRECT_SWMR | 0x22, S_OK },
    { STGM_DIRECT_SWMR | 0x40, S_OK }, { 0x10003, STG_E_INVALIDFLAG },
    { 0x10002 | 0x8, STG_E_INVALIDFLAG }, { 0x10002 | 0x80, STG_E_INVALIDFLAG },
    { 0x10002 | 0x800, STG_E_INVALIDFLAG }, { 0x10002 | STGM_CREATE, STG_E_INVALIDFLAG },
    { 0x10002 | STGM_CONVERT, STG_E_INVALIDFLAG },
    { 0x10002 | STGM_DELETEONRELEASE, STG_E_INVALIDFUNCTION },
    { 0x10002 | STGM_NOSCRATCH, S_OK }, { 0x12 | STGM_NOSCRATCH, STG_E_INVALIDFLAG },
  };
  IStorage *storage = create ("modes", TRANSACTED | STGM_CREATE);
  size_t i;

  IStorage_Release (storage);
  for (i = 0; i < sizeof modes / sizeof modes[0]; i++)
    {
      HRESULT hr = StgOpenStorage (path_of ("modes"), NULL, modes[i].mode, NULL, 0, &storage);

      if (hr != modes[i].expected)
        printf ("# mode 0x%X: 0x%08X\n", (unsigned) modes[i].mode, (unsigned) hr);
      CHECK (hr == modes[i].expected);
      CHECK (SUCCEEDED (hr) || storage == NULL);
      if (storage != NULL)
        CHECK (IStorage_Release (storage) == 0);
    }
}

static void
test_create_modes (void)
{
  static const struct
  {
    DWORD   mode;
    HRESULT expected;
  } modes[] = {
    { 0x11002, S_OK }, { 0x11001, S_OK }, { 0x11012, S_OK }, { 0x1012, S_OK }, { 0x1011, S_OK },
    { 0x1002, STG_E_INVALIDFLAG }, { 0x1022, STG_E_INVALIDFLAG }, { 0x11000, STG_E_INVALIDFLAG },
    { 0x1010, STG_E_INVALIDFLAG }, { 0x1012 | STGM_PRIORITY, STG_E_INVALIDFLAG },
    { 0x11002 | STGM_NOSNAPSHOT, STG_E_INVALIDFLAG }, { 0x1012 | STGM_SIMPLE, S_OK },
    { 0x11002 | STGM_SIMPLE, STG_E_INVALIDFLAG }, { 0x12, STG_E_FILEALREADYEXISTS },
  };
  IStorage *storage = NULL;
  size_t i;

  for (i = 0; i < sizeof modes / sizeof modes[0]; i++)
    {
      HRESULT hr = StgCreateDocfile (path_of ("new"), modes[i].mode, 0, &storage);

      if (hr != modes[i].expected)
        printf ("# mode 0x%X: 0x%08X\n", (unsigned) modes[i].mode, (unsigned) hr);
      CHECK (hr == modes[i].expected);
      if (storage != NULL)
        CHECK (IStorage_Release (storage) == 0);
    }
  CHECK_HR (StgCreateDocfile (path_of ("no/folder"), 0x11002, 0, &storage), STG_E_PATHNOTFOUND);
  CHECK_HR (StgCreateDocfile (path_of ("new"), 0x11002, 1, &storage), STG_E_INVALIDPARAMETER);
  CHECK_HR (StgCreateDocfile (path_of ("new"), 0x11002, 0, NULL), STG_E_INVALIDPOINTER);
  CHECK_HR (StgOpenStorage (NULL, NULL, 0x10002, NULL, 0, &storage), STG_E_INVALIDNAME);
  CHECK_HR (StgOpenStorage (path_of ("absent"), NULL, 0x10002, NULL, 0, &storage),
            STG_E_FILENOTFOUND);
  CHECK_HR (StgIsStorageFile (path_of ("new")), S_OK);
  CHECK_HR (StgIsStorageFile (path_of ("absent")), STG_E_FILENOTFOUND);
  fclose (fopen (narrow_path ("empty"), "w"));
  CHECK_HR (StgIsStorageFile (path_of ("empty")), S_FALSE);
  CHECK_HR (StgOpenStorage (path_of ("empty"), NULL, 0x10002, NULL, 0, &storage),
            STG_E_FILEALREADYEXISTS);
}

static void
test_members (void)
{
  IStorage *storage = create ("members", TRANSACTED | STGM_CREATE);
  IStorage *child = NULL, *again = NULL;
  IStream *stream = NULL, *other = NULL;
  char text[64];
  ULONG n;

  put_stream (storage, "a", "hello");
  CHECK (has_stream (storage, "A", "hello"));
  CHECK_HR (IStorage_CreateStream (storage, wide ("a"), MEMBER, 0, 0, &stream),
            STG_E_FILEALREADYEXISTS);
  CHECK_HR (IStorage_CreateStorage (storage, wide ("a"), MEMBER, 0, 0, &child),
            STG_E_FILEALREADYEXISTS);
  CHECK_HR (IStorage_OpenStorage (storage, wide ("a"), NULL, MEMBER, NULL, 0, &child),
            STG_E_FILENOTFOUND);
  CHECK_HR (IStorage_OpenStream (storage, wide ("b"), NULL, MEMBER, 0, &stream),
            STG_E_FILENOTFOUND);
  CHECK_HR (IStorage_OpenStream (storage, wide ("a"), NULL, STGM_READWRITE, 0, &stream),
            STG_E_INVALIDFLAG);
  CHECK_HR (IStorage_OpenStream (storage, wide ("a"), NULL, MEMBER | STGM_TRANSACTED, 0, &stream),
            STG_E_INVALIDFUNCTION);
  CHECK_HR (IStorage_OpenStream (storage, wide ("a"), storage, MEMBER, 0, &stream),
            STG_E_INVALIDPARAMETER);
  CHECK_HR (IStorage_OpenStream (storage, wide ("a/b"), NULL, MEMBER, 0, &stream),
            STG_E_INVALIDNAME);
  CHECK_HR (IStorage_OpenStream (storage, NULL, NULL, MEMBER, 0, &stream), STG_E_INVALIDNAME);
  CHECK_HR (IStorage_CreateStream (storage, wide ("12345678901234567890123456789012"), MEMBER, 0,
                                   0, &stream), STG_E_INVALIDNAME);
  CHECK_HR (IStorage_OpenStream (storage, wide ("a"), NULL, MEMBER_READ, 0, &stream), S_OK);
  CHECK_HR (IStorage_OpenStream (storage, wide ("a"), NULL, MEMBER_READ, 0, &other),
            STG_E_ACCESSDENIED);
  CHECK_HR (IStorage_RenameElement (storage, wide ("a"), wide ("b")), STG_E_ACCESSDENIED);
  CHECK_HR (IStorage_DestroyElement (storage, wide ("a")), S_OK);
  CHECK_HR (IStream_Read (stream, text, 1, &n), STG_E_REVERTED);
  IStream_Release (stream);
  CHECK_HR (IStorage_DestroyElement (storage, wide ("a")), STG_E_FILENOTFOUND);
  put_stream (storage, "a", "again");
  CHECK_HR (IStorage_RenameElement (storage, wide ("a"), wide ("c")), S_OK);
  CHECK (has_stream (storage, "c", "again"));

  CHECK_HR (IStorage_CreateStorage (storage, wide ("sub"), MEMBER, 0, 0, &child), S_OK);
  CHECK_HR (IStorage_OpenStorage (storage, wide ("sub"), NULL, MEMBER, NULL, 0, &again),
            STG_E_ACCESSDENIED);
  put_stream (child, "deep", "x");
  CHECK_HR (IStorage_CreateStream (child, wide ("live"), MEMBER, 0, 0, &stream), S_OK);
  CHECK (IStorage_Release (child) == 0);
  CHECK_HR (IStream_Write (stream, "x", 1, &n), STG_E_REVERTED);
  IStream_Release (stream);
  CHECK_HR (IStorage_Commit (storage, STGC_DEFAULT), S_OK);
  CHECK_HR (IStorage_Commit (storage, 0x100), STG_E_INVALIDFLAG);
  CHECK (IStorage_Release (storage) == 0);
}

static void
test_transactions (void)
{
  IStorage *storage, *child = NULL, *grandchild = NULL;
  IStream *stream = NULL;
  STATSTG stat;
  ULONG n;

  storage = create ("transactions", TRANSACTED | STGM_CREATE);
  put_stream (storage, "kept", "1");
  CHECK_HR (IStorage_Commit (storage, STGC_DEFAULT), S_OK);
  put_stream (storage, "lost", "2");
  CHECK_HR (IStorage_CreateStorage (storage, wide ("s"), MEMBER, 0, 0, &child), S_OK);
  CHECK_HR (IStorage_CreateStream (child, wide ("t"), MEMBER, 0, 0, &stream), S_OK);
  CHECK_HR (IStorage_Revert (storage), S_OK);
  CHECK_HR (IStream_Write (stream, "x", 1, &n), STG_E_REVERTED);
  CHECK_HR (IStorage_Stat (child, &stat, STATFLAG_NONAME), STG_E_REVERTED);
  IStream_Release (stream);
  IStorage_Release (child);
  CHECK (has_stream (storage, "kept", "1") && !has_stream (storage, "lost", "2"));

  CHECK_HR (IStorage_CreateStorage (storage, wide ("own"), MEMBER | STGM_TRANSACTED, 0, 0,
                                    &child), S_OK);
  put_stream (child, "dropped", "3");
  IStorage_Release (child);
  CHECK_HR (IStorage_OpenStorage (storage, wide ("own"), NULL, MEMBER | STGM_TRANSACTED, NULL, 0,
                                  &child), S_OK);
  CHECK (!has_stream (child, "dropped", "3"));
  put_stream (child, "stays", "4");
  CHECK_HR (IStorage_CreateStorage (child, wide ("g"), MEMBER, 0, 0, &grandchild), S_OK);
  put_stream (grandchild, "deep", "5");
  IStorage_Release (grandchild);
  CHECK_HR (IStorage_Commit (child, STGC_DEFAULT), S_OK);
  IStorage_Release (child);
  CHECK_HR (IStorage_Commit (storage, STGC_DEFAULT), S_OK);
  put_stream (storage, "uncommitted", "6");
  CHECK (IStorage_Release (storage) == 0);

  CHECK_HR (StgOpenStorage (path_of ("transactions"), NULL, STGM_TRANSACTED, NULL, 0, &storage),
            S_OK);
  CHECK (!has_stream (storage, "uncommitted", "6"));
  CHECK_HR (IStorage_OpenStorage (storage, wide ("own"), NULL, MEMBER_READ, NULL, 0, &child), S_OK);
  CHECK (has_stream (child, "stays", "4"));
  IStorage_Release (child);
  put_stream (storage, "edited", "7");
  CHECK (has_stream (storage, "edited", "7"));
  CHECK_HR (IStorage_Commit (storage, STGC_DEFAULT), STG_E_ACCESSDENIED);
  IStorage_Release (storage);

  CHECK_HR (StgOpenStorage (path_of ("transactions"), NULL, 0x12, NULL, 0, &storage), S_OK);
  put_stream (storage, "direct", "8");
  CHECK_HR (IStorage_Revert (storage), S_OK);
  CHECK (has_stream (storage, "direct", "8"));
  IStorage_Release (storage);
  CHECK_HR (StgOpenStorage (path_of ("transactions"), NULL, 0x20, NULL, 0, &storage), S_OK);
  CHECK (has_stream (storage, "direct", "8"));
  CHECK_HR (IStorage_CreateStream (storage, wide ("x"), MEMBER, 0, 0, &stream),
            STG_E_ACCESSDENIED);
  CHECK_HR (IStorage_OpenStream (storage, wide ("kept"), NULL, MEMBER, 0, &stream),
            STG_E_INVALIDFLAG);
  CHECK_HR (IStorage_DestroyElement (storage, wide ("absent")), STG_E_ACCESSDENIED);
  IStorage_Release (storage);
}

static void
test_replacing (void)
{
  IStorage *storage = create ("old", TRANSACTED | STGM_CREATE);

  put_stream (storage, "a", "1");
  IStorage_Commit (storage, 0);
  IStorage_Release (storage);
  storage = create ("old", TRANSACTED | STGM_CREATE);
  put_stream (storage, "b", "2");
  IStorage_Release (storage);
  CHECK_HR (StgOpenStorage (path_of ("old"), NULL, STGM_TRANSACTED, NULL, 0, &storage), S_OK);
  CHECK (has_stream (storage, "a", "1") && !has_stream (storage, "b", "2"));
  IStorage_Release (storage);
  storage = create ("never", TRANSACTED | STGM_CREATE);
  put_stream (storage, "b", "2");
  IStorage_Release (storage);
  CHECK_HR (StgOpenStorage (path_of ("never"), NULL, STGM_TRANSACTED, NULL, 0, &storage), S_OK);
  CHECK (!has_stream (storage, "b", "2"));
  IStorage_Release (storage);
}

static void
test_sharing (void)
{
  IStorage *one, *two = NULL;

  one = create ("shared", TRANSACTED | STGM_SHARE_EXCLUSIVE | STGM_CREATE);
  CHECK_HR (StgOpenStorage (path_of ("shared"), NULL, STGM_TRANSACTED, NULL, 0, &two),
            STG_E_SHAREVIOLATION);
  CHECK (two == NULL);
  IStorage_Release (one);
  CHECK_HR (StgOpenStorage (path_of ("shared"), NULL, 0x20, NULL, 0, &one), S_OK);
  CHECK_HR (StgOpenStorage (path_of ("shared"), NULL, 0x20, NULL, 0, &two), S_OK);
  IStorage_Release (two);
  CHECK_HR (StgOpenStorage (path_of ("shared"), NULL, TRANSACTED, NULL, 0, &two),
            STG_E_SHAREVIOLATION);
  IStorage_Release (one);
}

static void
test_stat (void)
{
  static const GUID class_id = { 0x00020D0B, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
  IStorage *storage = create ("stat", TRANSACTED | STGM_CREATE), *child = NULL;
  IEnumSTATSTG *enumerator = NULL, *copy = NULL;
  STATSTG stat, stats[5];
  CLSID clsid;
  ULONG n = 0, i;

  CHECK_HR (WriteClassStg (storage, &class_id), S_OK);
  CHECK_HR (ReadClassStg (storage, &clsid), S_OK);
  CHECK (IsEqualGUID (&clsid, &class_id));
  CHECK_HR (WriteClassStg (NULL, &class_id), E_INVALIDARG);
  CHECK_HR (WriteClassStg (storage, NULL), STG_E_INVALIDPOINTER);
  CHECK_HR (ReadClassStg (storage, NULL), E_INVALIDARG);
  CHECK_HR (IStorage_SetStateBits (storage, 0xFF, 0x0F), S_OK);
  CHECK_HR (IStorage_Stat (storage, &stat, STATFLAG_DEFAULT), S_OK);
  CHECK (stat.type == STGTY_STORAGE && stat.grfMode == TRANSACTED && stat.grfStateBits == 0x0F);
  CHECK (stat.pwcsName != NULL && same_wide (stat.pwcsName, path_of ("stat")));
  CoTaskMemFree (stat.pwcsName);
  CHECK_HR (IStorage_Stat (storage, &stat, 7), STG_E_INVALIDFLAG);
  CHECK_HR (IStorage_Stat (storage, NULL, 0), STG_E_INVALIDPOINTER);

  put_stream (storage, "bb", "22");
  put_stream (storage, "a", "1");
  CHECK_HR (IStorage_CreateStorage (storage, wide ("ccc"), MEMBER, 0, 0, &child), S_OK);
  IStorage_Release (child);
  CHECK_HR (IStorage_EnumElements (storage, 0, NULL, 0, &enumerator), S_OK);
  CHECK_HR (IEnumSTATSTG_Next (enumerator, 1, stats, NULL), S_OK);
  CHECK (same_wide (stats[0].pwcsName, wide ("a")) && stats[0].cbSize.QuadPart == 1);
  CoTaskMemFree (stats[0].pwcsName);
  CHECK_HR (IEnumSTATSTG_Clone (enumerator, &copy), S_OK);
  CHECK_HR (IStorage_DestroyElement (storage, wide ("bb")), S_OK);
  CHECK_HR (IEnumSTATSTG_Next (enumerator, 5, stats, &n), S_FALSE);
  CHECK (n == 1 && stats[0].type == STGTY_STORAGE && stats[1].pwcsName == NULL);
  for (i = 0; i < n; i++)
    CoTaskMemFree (stats[i].pwcsName);
  CHECK_HR (IEnumSTATSTG_Skip (copy, 2), S_FALSE);
  CHECK_HR (IEnumSTATSTG_Reset (copy), S_OK);
  CHECK_HR (IEnumSTATSTG_Skip (copy, 2), S_OK);
  IEnumSTATSTG_Release (copy);
  IEnumSTATSTG_Release (enumerator);
  CHECK (IStorage_Release (storage) == 0);
}

static void
test_copy (void)
{
  IStorage *from = create ("from", TRANSACTED | STGM_CREATE);
  IStorage *to = create ("to", TRANSACTED | STGM_CREATE);
  IStorage *child = NULL, *into = NULL;
  WCHAR excluded_name[] = { 'A', 0 };
  LPOLESTR excluded[] = { excluded_name, NULL };

  put_stream (from, "a", "1");
  put_stream (from, "b", "2");
  CHECK_HR (IStorage_CreateStorage (from, wide ("s"), MEMBER, 0, 0, &child), S_OK);
  put_stream (child, "a", "3");
  CHECK_HR (IStorage_CreateStorage (to, wide ("s"), MEMBER, 0, 0, &into), S_OK);
  put_stream (into, "there", "4");
  IStorage_Release (into);
  CHECK_HR (IStorage_CopyTo (from, 0, NULL, NULL, child), STG_E_ACCESSDENIED);
  CHECK_HR (IStorage_CopyTo (from, 0, NULL, NULL, NULL), STG_E_INVALIDPOINTER);
  CHECK_HR (IStorage_CopyTo (from, 0, NULL, excluded, to), S_OK);
  CHECK (!has_stream (to, "a", "1") && has_stream (to, "b", "2"));
  CHECK_HR (IStorage_OpenStorage (to, wide ("s"), NULL, MEMBER_READ, NULL, 0, &into), S_OK);
  CHECK (has_stream (into, "a", "3") && has_stream (into, "there", "4"));
  IStorage_Release (into);
  CHECK_HR (IStorage_MoveElementTo (from, wide ("a"), to, wide ("b"), STGMOVE_MOVE),
            STG_E_FILEALREADYEXISTS);
  CHECK_HR (IStorage_MoveElementTo (from, wide ("s"), to, wide ("t"), STGMOVE_MOVE),
            STG_E_ACCESSDENIED);
  CHECK_HR (IStorage_MoveElementTo (from, wide ("a"), to, wide ("z"), STGMOVE_MOVE), S_OK);
  CHECK (has_stream (to, "z", "1") && !has_stream (from, "a", "1"));
  CHECK_HR (IStorage_MoveElementTo (from, wide ("b"), from, wide ("y"), STGMOVE_COPY), S_OK);
  CHECK (has_stream (from, "b", "2") && has_stream (from, "y", "2"));
  IStorage_Release (child);
  IStorage_Release (from);
  IStorage_Release (to);
}

static void
check_stream (IStream *stream, int has_name)
{
  IStream *clone = NULL;
  LARGE_INTEGER at;
  ULARGE_INTEGER size, read, written;
  char text[32];
  STATSTG stat;
  ULONG n = 9;

  (void) has_name;
  CHECK_HR (IStream_Write (stream, "hello world", 11, &n), S_OK);
  CHECK (n == 11);
  CHECK_HR (IStream_Write (stream, NULL, 0, &n), STG_E_INVALIDPOINTER);
  LISet32 (at, -1);
  CHECK_HR (IStream_Seek (stream, at, STREAM_SEEK_SET, NULL), STG_E_INVALIDFUNCTION);
  LISet32 (at, 0);
  CHECK_HR (IStream_Seek (stream, at, 9, NULL), STG_E_INVALIDFUNCTION);
  LISet32 (at, -5);
  CHECK_HR (IStream_Seek (stream, at, STREAM_SEEK_END, &size), S_OK);
  CHECK (size.QuadPart == 6);
  CHECK_HR (IStream_Clone (stream, &clone), S_OK);
  CHECK_HR (IStream_Read (stream, text, sizeof text, &n), S_OK);
  CHECK (n == 5 && memcmp (text, "world", 5) == 0);
  CHECK_HR (IStream_Read (stream, text, sizeof text, &n), S_OK);
  CHECK (n == 0);
  /* Overlapping: "hello" over " worl" */
  LISet32 (at, 0);
  IStream_Seek (stream, at, STREAM_SEEK_SET, NULL);
  LISet32 (at, 3);
  IStream_Seek (clone, at, STREAM_SEEK_SET, NULL);
  ULISet32 (size, 5);
  CHECK_HR (IStream_CopyTo (stream, clone, size, &read, &written), S_OK);
  CHECK (read.QuadPart == 5 && written.QuadPart == 5);
  LISet32 (at, 0);
  IStream_Seek (stream, at, STREAM_SEEK_SET, NULL);
  IStream_Read (stream, text, sizeof text, &n);
  CHECK (n == 11 && memcmp (text, "helhellorld", 11) == 0);
  LISet32 (at, 20);
  CHECK_HR (IStream_Seek (stream, at, STREAM_SEEK_SET, NULL), S_OK);
  CHECK_HR (IStream_Read (stream, text, 1, &n), S_OK);
  CHECK (n == 0);
  CHECK_HR (IStream_Write (stream, "!", 1, &n), S_OK);
  CHECK_HR (IStream_Stat (stream, &stat, STATFLAG_NONAME), S_OK);
  CHECK (stat.cbSize.QuadPart == 21 && stat.type == STGTY_STREAM && stat.pwcsName == NULL);
  LISet32 (at, 15);
  IStream_Seek (stream, at, STREAM_SEEK_SET, NULL);
  IStream_Read (stream, text, 1, &n);
  CHECK (n == 1 && text[0] == 0);
  ULISet32 (size, 3);
  CHECK_HR (IStream_SetSize (stream, size), S_OK);
  CHECK_HR (IStream_Stat (clone, &stat, STATFLAG_NONAME), S_OK);
  CHECK (stat.cbSize.QuadPart == 3);
  CHECK_HR (IStream_Commit (stream, 0), S_OK);
  CHECK_HR (IStream_Revert (stream), S_OK);
  CHECK_HR (IStream_LockRegion (stream, size, size, LOCK_WRITE), STG_E_INVALIDFUNCTION);
  CHECK (IStream_Release (clone) == 0);
}

static void
test_streams (void)
{
  IStorage *storage = create ("streams", TRANSACTED | STGM_CREATE);
  IStream *stream = NULL;
  LPVOID object = NULL;

  CHECK_HR (IStorage_CreateStream (storage, wide ("s"), MEMBER, 0, 0, &stream), S_OK);
  check_stream (stream, 1);
  CHECK_HR (IStream_QueryInterface (stream, &IID_ISequentialStream, &object), S_OK);
  CHECK (IStream_Release (stream) == 1);
  CHECK (UlRelease (object) == 0);
  CHECK (has_stream (storage, "s", "hel"));
  IStorage_Release (storage);

  CHECK_HR (CreateStreamOnHGlobal (NULL, TRUE, &stream), S_OK);
  check_stream (stream, 0);
  CHECK (IStream_Release (stream) == 0);
  stream = SHCreateMemStream ((const BYTE *) "", 0);
  check_stream (stream, 0);
  CHECK (IStream_Release (stream) == 0);
  CHECK_HR (OpenStreamOnFile (MAPIAllocateBuffer, MAPIFreeBuffer, STGM_CREATE | STGM_READWRITE,
                              narrow_path ("file"), NULL, &stream), S_OK);
  check_stream (stream, 1);
  CHECK (IStream_Release (stream) == 0);
  CHECK_HR (OpenStreamOnFileW (MAPIAllocateBuffer, MAPIFreeBuffer, STGM_READ, path_of ("absent"),
                               NULL, &stream), MAPI_E_NOT_FOUND);
  CHECK_HR (OpenStreamOnFile (MAPIAllocateBuffer, MAPIFreeBuffer, STGM_CREATE, narrow_path ("f"),
                              NULL, &stream), MAPI_E_INVALID_PARAMETER);
  CHECK_HR (OpenStreamOnFile (MAPIAllocateBuffer, MAPIFreeBuffer,
                              SOF_UNIQUEFILENAME | STGM_CREATE | STGM_READWRITE |
                                STGM_DELETEONRELEASE, NULL, "abcdef", &stream), S_OK);
  check_stream (stream, 1);
  CHECK (IStream_Release (stream) == 0);
  CHECK_HR (SHCreateStreamOnFileEx (path_of ("absent"), STGM_READ, 0, FALSE, NULL, &stream),
            0x80070002);
  CHECK_HR (SHCreateStreamOnFileEx (path_of ("file"), STGM_READWRITE, 0, TRUE, NULL, &stream),
            0x80070050);
}

static void
test_lock_bytes (void)
{
  ILockBytes *bytes = NULL;
  IStorage *storage = NULL;
  IStream *stream = NULL;
  STATSTG stat;

  CHECK_HR (CreateILockBytesOnHGlobal (NULL, TRUE, &bytes), S_OK);
  CHECK_HR (StgIsStorageILockBytes (bytes), S_FALSE);
  CHECK_HR (StgCreateDocfileOnILockBytes (bytes, MEMBER, 0, &storage), STG_E_FILEALREADYEXISTS);
  CHECK_HR (StgCreateDocfileOnILockBytes (bytes, MEMBER | STGM_CREATE, 0, &storage), S_OK);
  CHECK_HR (StgIsStorageILockBytes (bytes), S_OK);
  put_stream (storage, "a", "1");
  CHECK_HR (IStorage_Stat (storage, &stat, STATFLAG_DEFAULT), S_OK);
  CHECK (stat.pwcsName == NULL);
  CHECK (IStorage_Release (storage) == 0);
  CHECK_HR (StgOpenStorageOnILockBytes (bytes, NULL, STGM_TRANSACTED | STGM_READWRITE, NULL, 0,
                                        &storage), S_OK);
  CHECK (has_stream (storage, "a", "1"));
  put_stream (storage, "b", "2");
  CHECK (IStorage_Release (storage) == 0);
  CHECK_HR (StgOpenStorageOnILockBytes (bytes, NULL, 0x20, NULL, 0, &storage), S_OK);
  CHECK (!has_stream (storage, "b", "2"));
  CHECK (IStorage_Release (storage) == 0);
  CHECK (ILockBytes_Release (bytes) == 0);

  CHECK_HR (CreateStreamOnHGlobal (NULL, TRUE, &stream), S_OK);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream, NULL, STGSTRM_CREATE | STGSTRM_MODIFY,
                                  &storage), S_OK);
  put_stream (storage, "c", "3");
  CHECK_HR (IStorage_Commit (storage, 0), S_OK);
  CHECK (IStorage_Release (storage) == 0);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream, &IID_IStream, STGSTRM_RESET, &storage),
            S_OK);
  CHECK (has_stream (storage, "c", "3"));
  CHECK (IStorage_Release (storage) == 0);
  CHECK (IStream_Release (stream) == 0);
}

/* A storage in a stream begins where the stream stands, and what is before it stays. */
static void
test_inside_a_stream (void)
{
  LARGE_INTEGER at = { .QuadPart = 8 };
  IStream *stream = NULL;
  IStorage *storage = NULL;
  char before[8];
  int i;

  CHECK_HR (CreateStreamOnHGlobal (NULL, TRUE, &stream), S_OK);
  CHECK_HR (IStream_Write (stream, "PREFIX--", 8, NULL), S_OK);
  for (i = 0; i < 2; i++)
    {
      CHECK_HR (IStream_Seek (stream, at, STREAM_SEEK_SET, NULL), S_OK);
      CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream, NULL,
                                      STGSTRM_CURRENT | STGSTRM_MODIFY |
                                      (i == 0 ? STGSTRM_CREATE : 0), &storage), S_OK);
      put_stream (storage, i == 0 ? "first" : "second", "text");
      CHECK_HR (IStorage_Commit (storage, 0), S_OK);
      CHECK (IStorage_Release (storage) == 0);
    }
  CHECK_HR (IStream_Seek (stream, at, STREAM_SEEK_SET, NULL), S_OK);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream, NULL, STGSTRM_CURRENT, &storage), S_OK);
  CHECK (has_stream (storage, "first", "text") && has_stream (storage, "second", "text"));
  CHECK (IStorage_Release (storage) == 0);
  at.QuadPart = 0;
  CHECK_HR (IStream_Seek (stream, at, STREAM_SEEK_SET, NULL), S_OK);
  CHECK_HR (IStream_Read (stream, before, 8, NULL), S_OK);
  CHECK (memcmp (before, "PREFIX--", 8) == 0);
  CHECK (IStream_Release (stream) == 0);
}

/* A stream that can only be read on, as one from a network */
typedef struct
{
  IStream  iface;
  IStream *inner;
} OneWay;

static HRESULT
one_way_query_interface (IStream *self, REFIID iid, LPVOID *object)
{
  *object = IsEqualIID (iid, &IID_IStream) || IsEqualIID (iid, &IID_IUnknown) ? self : NULL;
  return *object != NULL ? S_OK : E_NOINTERFACE;
}

static ULONG
one_way_count (IStream *self)
{
  (void) self;
  return 1;
}

static HRESULT
one_way_read (IStream *self, void *bytes, ULONG n_bytes, ULONG *n_read)
{
  return IStream_Read (((OneWay *) self)->inner, bytes, n_bytes, n_read);
}

static HRESULT
one_way_seek (IStream *self, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *position)
{
  (void) self;
  (void) move;
  (void) origin;
  (void) position;
  return E_NOTIMPL;
}

static void
test_stream_that_cannot_seek (void)
{
  static const IStreamVtbl vtbl = { .QueryInterface = one_way_query_interface,
                                    .AddRef = one_way_count, .Release = one_way_count,
                                    .Read = one_way_read, .Seek = one_way_seek };
  OneWay stream = { { &vtbl }, NULL };
  const LARGE_INTEGER start = { .QuadPart = 0 };
  IStorage *storage = NULL;

  CHECK_HR (CreateStreamOnHGlobal (NULL, TRUE, &stream.inner), S_OK);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) stream.inner, NULL, STGSTRM_CREATE | STGSTRM_MODIFY,
                                  &storage), S_OK);
  put_stream (storage, "first", "text");
  CHECK_HR (IStorage_Commit (storage, 0), S_OK);
  CHECK (IStorage_Release (storage) == 0);
  CHECK_HR (IStream_Seek (stream.inner, start, STREAM_SEEK_SET, NULL), S_OK);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) &stream, NULL, STGSTRM_CURRENT | STGSTRM_MODIFY,
                                  &storage), E_NOTIMPL);
  CHECK_HR (HrIStorageFromStream ((LPUNKNOWN) &stream, NULL, STGSTRM_CURRENT, &storage), S_OK);
  CHECK (has_stream (storage, "first", "text"));
  CHECK (IStorage_Release (storage) == 0);
  CHECK (IStream_Release (stream.inner) == 0);
}

static void
test_user_type (void)
{
  IStorage *storage = create ("type", TRANSACTED | STGM_CREATE);
  WCHAR type[] = { 0x6587, 0x66F8, ' ', 0x20AC, 0 };
  LPOLESTR read = NULL;
  CLIPFORMAT format = 0;

  CHECK_HR (ReadFmtUserTypeStg (storage, &format, &read), STG_E_FILENOTFOUND);
  CHECK_HR (WriteFmtUserTypeStg (storage, 3, type), S_OK);
  CHECK_HR (ReadFmtUserTypeStg (storage, &format, &read), S_OK);
  CHECK (format == 3 && read != NULL && same_wide (read, type));
  CoTaskMemFree (read);
  IStorage_Release (storage);
}

static void
test_large_sectors (void)
{
  STGOPTIONS options = { 1, 0, 4096, NULL };
  IStorage *storage = NULL;
  LPVOID object = NULL;

  CHECK_HR (StgCreateStorageEx (path_of ("large"), 0x11002, STGFMT_DOCFILE, 0, &options, NULL,
                                &IID_IStorage, &object), S_OK);
  storage = (IStorage *) object;
  put_stream (storage, "a", "1");
  CHECK_HR (IStorage_Commit (storage, 0), S_OK);
  IStorage_Release (storage);
  options.ulSectorSize = 0;
  CHECK_HR (StgOpenStorageEx (path_of ("large"), 0x10000, STGFMT_DOCFILE, 0, &options, NULL,
                              &IID_IStorage, &object), S_OK);
  CHECK (options.ulSectorSize == 4096);
  UlRelease (object);
  CHECK_HR (StgOpenStorageEx (path_of ("large"), 0x10000, STGFMT_DOCFILE, 0, NULL, NULL,
                              &IID_IPropertySetStorage, &object), E_NOINTERFACE);
  CHECK_HR (StgOpenStorageEx (path_of ("large"), 0x10000, 3, 0, NULL, NULL, &IID_IStorage,
                              &object), STG_E_INVALIDPARAMETER);
}

/* What is no file is no storage, and nobody waits for it; one file has one name behind its links. */
static void
test_what_paths_lead_to (void)
{
  IStorage *storage = NULL, *again = NULL;
  IStream *stream = NULL;

  CHECK (mkfifo (narrow_path ("fifo"), 0600) == 0);
  CHECK (mkdir (narrow_path ("folder"), 0700) == 0);
  CHECK (symlink (narrow_path ("folder"), narrow_path ("link")) == 0);
  CHECK_HR (StgIsStorageFile (path_of ("fifo")), S_FALSE);
  CHECK_HR (StgOpenStorage (path_of ("fifo"), NULL, TRANSACTED, NULL, 0, &storage),
            STG_E_FILEALREADYEXISTS);
  CHECK_HR (OpenStreamOnFile (MAPIAllocateBuffer, MAPIFreeBuffer, STGM_READ,
                              (LPSTR) narrow_path ("fifo"), NULL, &stream), MAPI_E_NO_ACCESS);
  CHECK_HR (OpenStreamOnFile (MAPIAllocateBuffer, MAPIFreeBuffer, STGM_READ,
                              (LPSTR) narrow_path ("folder"), NULL, &stream), MAPI_E_NO_ACCESS);
  storage = create ("link/new", STGM_READWRITE | STGM_SHARE_EXCLUSIVE);
  CHECK_HR (StgOpenStorage (path_of ("folder/new"), NULL, MEMBER, NULL, 0, &again),
            STG_E_SHAREVIOLATION);
  CHECK (IStorage_Release (storage) == 0);
}

/* Bytes are opened and made in the modes that files are. */
static void
test_modes_of_lock_bytes (void)
{
  static const struct
  {
    DWORD   mode;
    HRESULT expected;
  } modes[] = {
    { STGM_PRIORITY, S_OK }, { STGM_DIRECT_SWMR | STGM_READWRITE | STGM_SHARE_DENY_WRITE, S_OK },
    { MEMBER | STGM_SIMPLE, S_OK }, { TRANSACTED | STGM_SIMPLE, S_OK },
    { 0x8 | MEMBER, STG_E_INVALIDFLAG }, { STGM_WRITE | STGM_SHARE_EXCLUSIVE, STG_E_INVALIDFLAG },
    { MEMBER | STGM_NOSNAPSHOT, STG_E_INVALIDFLAG },
    { MEMBER | STGM_DELETEONRELEASE, STG_E_INVALIDFUNCTION },
  };
  ILockBytes *bytes = NULL;
  IStorage *storage = NULL;
  size_t i;

  CHECK_HR (CreateILockBytesOnHGlobal (NULL, TRUE, &bytes), S_OK);
  CHECK_HR (StgCreateDocfileOnILockBytes (bytes, MEMBER | STGM_CREATE | 0x80, 0, &storage),
            STG_E_INVALIDFLAG);
  CHECK_HR (StgCreateDocfileOnILockBytes (bytes, MEMBER | STGM_CREATE, 0, &storage), S_OK);
  UlRelease (storage);
  for (i = 0; i < sizeof modes / sizeof modes[0]; i++)
    {
      HRESULT hr = StgOpenStorageOnILockBytes (bytes, NULL, modes[i].mode, NULL, 0, &storage);

      if (hr != modes[i].expected)
        printf ("# mode 0x%X: 0x%08X\n", (unsigned) modes[i].mode, (unsigned) hr);
      CHECK (hr == modes[i].expected);
      UlRelease (storage);
    }
  UlRelease (bytes);
}

/* Names are compared unit by unit, each in upper case: ß has none, and is not SS. */
static void
test_names (void)
{
  static const WCHAR sharp[] = { 's', 't', 'r', 'a', 0xDF, 'e', 0 };
  static const WCHAR summer[] = { 0xC9, 't', 0xE9, 0 };
  static const WCHAR small_summer[] = { 0xE9, 't', 0xE9, 0 };
  LPOLESTR excluded[] = { wide ("strasse"), NULL };
  IStorage *storage = create ("names", TRANSACTED | STGM_CREATE);
  IStorage *copy = create ("names-copy", TRANSACTED | STGM_CREATE);
  IStream *first = NULL, *second = NULL, *again = NULL;

  CHECK_HR (IStorage_CreateStream (storage, sharp, MEMBER, 0, 0, &first), S_OK);
  CHECK_HR (IStorage_CreateStream (storage, wide ("STRASSE"), MEMBER, 0, 0, &second), S_OK);
  CHECK (IStream_Release (second) == 0);
  CHECK_HR (IStorage_OpenStream (storage, sharp, NULL, MEMBER_READ, 0, &again), STG_E_ACCESSDENIED);
  CHECK_HR (IStorage_OpenStream (storage, wide ("Strasse"), NULL, MEMBER_READ, 0, &again), S_OK);
  UlRelease (again);
  CHECK_HR (IStorage_CopyTo (storage, 0, NULL, excluded, copy), S_OK);
  CHECK_HR (IStorage_OpenStream (copy, sharp, NULL, MEMBER_READ, 0, &again), S_OK);
  UlRelease (again);
  CHECK_HR (IStorage_OpenStream (copy, wide ("strasse"), NULL, MEMBER_READ, 0, &again),
            STG_E_FILENOTFOUND);
  IStorage_Release (copy);
  CHECK (IStream_Release (first) == 0);

  CHECK_HR (IStorage_CreateStream (storage, summer, MEMBER, 0, 0, &first), S_OK);
  UlRelease (first);
  CHECK_HR (IStorage_RenameElement (storage, summer, small_summer), S_OK);
  CHECK_HR (IStorage_MoveElementTo (storage, small_summer, storage, summer, STGMOVE_MOVE),
            STG_E_ACCESSDENIED);
  /* A stream that outlives its storage knows it no more. */
  CHECK_HR (IStorage_OpenStream (storage, sharp, NULL, MEMBER_READ, 0, &first), S_OK);
  CHECK (IStorage_Release (storage) == 0);
  CHECK (IStream_Release (first) == 0);
}

int
main (void)
{
  CHECK_HR (CoInitializeEx (NULL, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE), S_OK);
  RUN (test_open_modes);
  RUN (test_create_modes);
  RUN (test_members);
  RUN (test_transactions);
  RUN (test_replacing);
  RUN (test_sharing);
  RUN (test_stat);
  RUN (test_copy);
  RUN (test_streams);
  RUN (test_lock_bytes);
  RUN (test_inside_a_stream);
  RUN (test_stream_that_cannot_seek);
  RUN (test_user_type);
  RUN (test_large_sectors);
  RUN (test_names);
  RUN (test_what_paths_lead_to);
  RUN (test_modes_of_lock_bytes);
  remove_files ();
  return finish_tests ();
}

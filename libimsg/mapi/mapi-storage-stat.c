/* mapi-storage-stat.c - what a storage says of itself and of its members: Stat, IEnumSTATSTG
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-storage-private.h"

#include <sys/stat.h>

/* Ticks between 1601 and 1970 */
#define UNIX_EPOCH G_GUINT64_CONSTANT (116444736000000000)

static FILETIME
filetime_from_timespec (struct timespec time)
{
  return mapi_ticks_to_filetime (UNIX_EPOCH + (guint64) time.tv_sec * 10000000 +
                                 (guint64) time.tv_nsec / 100);
}

static void
class_from_text (const char *text,
                 CLSID      *clsid)
{
  if (text == NULL || !mapi_guid_from_text (text, clsid))
    *clsid = CLSID_NULL;
}

static HRESULT
set_name (STATSTG    *stat,
          const char *name)
{
  stat->pwcsName = mapi_utf8_to_task_wide (name);
  return stat->pwcsName != NULL ? S_OK : STG_E_INSUFFICIENTMEMORY;
}

HRESULT
mapi_storage_stat (IStorage *iface,
                   STATSTG  *pstatstg,
                   DWORD     grfStatFlag)
{
  MapiStorage *self = (MapiStorage *) iface;
  g_autofree char *class_id = NULL;
  HRESULT hr = mapi_storage_check (self);

  if (FAILED (hr))
    return hr;
  if (pstatstg == NULL)
    return STG_E_INVALIDPOINTER;
  if (grfStatFlag > STATFLAG_NOOPEN)
    return STG_E_INVALIDFLAG;
  memset (pstatstg, 0, sizeof *pstatstg);
  pstatstg->type = STGTY_STORAGE;
  pstatstg->grfMode = self->mode;
  class_id = imsg_storage_dup_class_id (self->storage);
  class_from_text (class_id, &pstatstg->clsid);
  pstatstg->grfStateBits = imsg_storage_get_state_bits (self->storage);
  if (self->is_root)
    {
      struct stat status;

      if (self->path != NULL && stat (self->path, &status) == 0)
        {
          pstatstg->mtime = filetime_from_timespec (status.st_mtim);
          pstatstg->ctime = filetime_from_timespec (status.st_ctim);
          pstatstg->atime = filetime_from_timespec (status.st_atim);
        }
      if (grfStatFlag != STATFLAG_NONAME && self->path != NULL)
        return set_name (pstatstg, self->path);
      return S_OK;
    }
  if (self->parent != NULL)
    {
      g_autoptr(IMsgStorageEntry) entry =
        imsg_storage_find_entry (self->parent->storage, imsg_storage_get_name (self->storage));

      if (entry != NULL)
        {
          pstatstg->ctime =
            mapi_ticks_to_filetime (imsg_storage_entry_get_creation_time (entry));
          pstatstg->mtime =
            mapi_ticks_to_filetime (imsg_storage_entry_get_modification_time (entry));
        }
    }
  if (grfStatFlag == STATFLAG_NONAME)
    return S_OK;
  return set_name (pstatstg, imsg_storage_get_name (self->storage));
}

/* --- IEnumSTATSTG --- */

/* A cursor on the last name delivered: what comes and goes meanwhile is seen, and nothing is
 * delivered twice. */
typedef struct
{
  IEnumSTATSTG  iface;
  int           ref_count;
  IMsgStorage  *storage; /* owned: it keeps the file open */
  MapiStorage  *owner;   /* (nullable): unowned; what it enumerates, while that lives */
  HRESULT       dead_code; /* what it answers once that was ended; 0 before */
  char         *last;    /* (nullable): the name delivered last */
  guint         next;    /* where the one after it was then */
} MapiEnum;

#define ENUM(iface) ((MapiEnum *) (iface))

static const IEnumSTATSTGVtbl enum_vtbl;

static MapiEnum *
enum_new (IMsgStorage *storage,
          MapiStorage *owner,
          const char  *last,
          guint        next)
{
  MapiEnum *self = g_new0 (MapiEnum, 1);

  self->iface.lpVtbl = &enum_vtbl;
  self->ref_count = 1;
  self->storage = g_object_ref (storage);
  self->last = g_strdup (last);
  self->next = next;
  self->owner = owner;
  if (owner != NULL)
    g_ptr_array_add (owner->enumerators, self);
  return self;
}

void
mapi_storage_let_go_enumerators (MapiStorage *self,
                                 HRESULT      code)
{
  for (guint i = 0; i < self->enumerators->len; i++)
    {
      MapiEnum *enumerator = self->enumerators->pdata[i];

      enumerator->owner = NULL;
      enumerator->dead_code = code;
    }
  g_ptr_array_set_size (self->enumerators, 0);
}

static HRESULT
enum_check (MapiEnum *self)
{
  if (self->dead_code != 0)
    return self->dead_code;
  return imsg_storage_is_closed (self->storage) ? STG_E_REVERTED : S_OK;
}

HRESULT
mapi_storage_enumerate (IStorage      *iface,
                        DWORD          reserved1,
                        void          *reserved2,
                        DWORD          reserved3,
                        IEnumSTATSTG **ppenum)
{
  MapiStorage *self = (MapiStorage *) iface;
  HRESULT hr;

  if (ppenum == NULL)
    return STG_E_INVALIDPOINTER;
  *ppenum = NULL;
  hr = mapi_storage_check (self);
  if (FAILED (hr))
    return hr;
  if (reserved1 != 0 || reserved2 != NULL || reserved3 != 0)
    return STG_E_INVALIDPARAMETER;
  *ppenum = &enum_new (self->storage, self, NULL, 0)->iface;
  return S_OK;
}

static HRESULT
enum_query_interface (IEnumSTATSTG *iface,
                      REFIID        riid,
                      LPVOID       *object)
{
  if (object == NULL)
    return E_POINTER;
  return mapi_answer_interface (iface, riid, object, &IID_IEnumSTATSTG, NULL);
}

static ULONG
enum_add_ref (IEnumSTATSTG *iface)
{
  return (ULONG) g_atomic_int_add (&ENUM (iface)->ref_count, 1) + 1;
}

static ULONG
enum_release (IEnumSTATSTG *iface)
{
  MapiEnum *self = ENUM (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    {
      if (self->owner != NULL)
        g_ptr_array_remove_fast (self->owner->enumerators, self);
      g_object_unref (self->storage);
      g_free (self->last);
      g_free (self);
    }
  return (ULONG) (before - 1);
}

/* Order of names in a directory: [MS-CFB] 2.6.4 */
static int
compare_names (const char *a,
               const char *b)
{
  g_autofree gunichar2 *wide_a = g_utf8_to_utf16 (a, -1, NULL, NULL, NULL);
  g_autofree gunichar2 *wide_b = g_utf8_to_utf16 (b, -1, NULL, NULL, NULL);
  gsize n_a = wide_a != NULL ? mapi_wide_length (wide_a) : 0;
  gsize n_b = wide_b != NULL ? mapi_wide_length (wide_b) : 0;

  if (n_a != n_b)
    return n_a < n_b ? -1 : 1;
  for (gsize i = 0; i < n_a; i++)
    {
      gunichar2 upper_a = mapi_name_upper (wide_a[i]);
      gunichar2 upper_b = mapi_name_upper (wide_b[i]);

      if (upper_a != upper_b)
        return upper_a < upper_b ? -1 : 1;
    }
  return 0;
}

/* The first entry behind the cursor; its place is looked up first, then searched for. */
static IMsgStorageEntry *
enum_peek (MapiEnum *self)
{
  GListModel *entries = imsg_storage_get_entries (self->storage);
  guint n_entries = g_list_model_get_n_items (entries);

  if (self->last == NULL)
    {
      self->next = 0;
      return g_list_model_get_item (entries, 0);
    }
  if (self->next > 0 && self->next <= n_entries)
    {
      g_autoptr(IMsgStorageEntry) last = g_list_model_get_item (entries, self->next - 1);

      if (strcmp (imsg_storage_entry_get_name (last), self->last) == 0)
        return g_list_model_get_item (entries, self->next);
    }
  for (guint i = 0; i < n_entries; i++)
    {
      g_autoptr(IMsgStorageEntry) entry = g_list_model_get_item (entries, i);

      if (compare_names (imsg_storage_entry_get_name (entry), self->last) > 0)
        {
          self->next = i;
          return g_steal_pointer (&entry);
        }
    }
  self->next = n_entries;
  return NULL;
}

static void
enum_advance (MapiEnum         *self,
              IMsgStorageEntry *entry)
{
  g_free (self->last);
  self->last = g_strdup (imsg_storage_entry_get_name (entry));
  self->next++;
}

static HRESULT
enum_next (IEnumSTATSTG *iface,
           ULONG         celt,
           STATSTG      *rgelt,
           ULONG        *pceltFetched)
{
  MapiEnum *self = ENUM (iface);
  ULONG n = 0;
  HRESULT hr = enum_check (self);

  if (pceltFetched != NULL)
    *pceltFetched = 0;
  if (FAILED (hr))
    return hr;
  if ((rgelt == NULL && celt > 0) || (pceltFetched == NULL && celt != 1))
    return STG_E_INVALIDPOINTER;
  if (celt > 0)
    memset (rgelt, 0, celt * sizeof (STATSTG));
  for (; n < celt; n++)
    {
      g_autoptr(IMsgStorageEntry) entry = enum_peek (self);
      STATSTG *stat = &rgelt[n];

      if (entry == NULL)
        break;
      if (FAILED (set_name (stat, imsg_storage_entry_get_name (entry))))
        {
          while (n-- > 0)
            CoTaskMemFree (rgelt[n].pwcsName);
          return STG_E_INSUFFICIENTMEMORY;
        }
      if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STORAGE)
        {
          stat->type = STGTY_STORAGE;
          class_from_text (imsg_storage_entry_get_class_id (entry), &stat->clsid);
          stat->grfStateBits = imsg_storage_entry_get_state_bits (entry);
          stat->ctime = mapi_ticks_to_filetime (imsg_storage_entry_get_creation_time (entry));
          stat->mtime = mapi_ticks_to_filetime (imsg_storage_entry_get_modification_time (entry));
        }
      else
        {
          stat->type = STGTY_STREAM;
          stat->cbSize.QuadPart = imsg_storage_entry_get_size (entry);
        }
      enum_advance (self, entry);
    }
  if (pceltFetched != NULL)
    *pceltFetched = n;
  return n == celt ? S_OK : S_FALSE;
}

static HRESULT
enum_skip (IEnumSTATSTG *iface,
           ULONG         celt)
{
  MapiEnum *self = ENUM (iface);
  HRESULT hr = enum_check (self);

  if (FAILED (hr))
    return hr;
  for (ULONG i = 0; i < celt; i++)
    {
      g_autoptr(IMsgStorageEntry) entry = enum_peek (self);

      if (entry == NULL)
        return S_FALSE;
      enum_advance (self, entry);
    }
  return S_OK;
}

static HRESULT
enum_reset (IEnumSTATSTG *iface)
{
  MapiEnum *self = ENUM (iface);
  HRESULT hr = enum_check (self);

  if (FAILED (hr))
    return hr;
  g_clear_pointer (&self->last, g_free);
  self->next = 0;
  return S_OK;
}

static HRESULT
enum_clone (IEnumSTATSTG  *iface,
            IEnumSTATSTG **ppenum)
{
  MapiEnum *self = ENUM (iface);
  HRESULT hr = enum_check (self);

  if (ppenum == NULL)
    return STG_E_INVALIDPOINTER;
  *ppenum = NULL;
  if (FAILED (hr))
    return hr;
  *ppenum = &enum_new (self->storage, self->owner, self->last, self->next)->iface;
  return S_OK;
}

static const IEnumSTATSTGVtbl enum_vtbl = {
  enum_query_interface,
  enum_add_ref,
  enum_release,
  enum_next,
  enum_skip,
  enum_reset,
  enum_clone,
};

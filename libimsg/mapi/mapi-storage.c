/* mapi-storage.c - IStorage: its members, its life
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-storage-private.h"

#include <unistd.h>

#define SELF(iface) ((MapiStorage *) (iface))

/* [MS-CFB] 2.6.1 */
#define MAX_NAME_UNITS 31

#define ACCESS_MASK 0x3
#define SHARE_MASK 0x70
#define KNOWN_MODE_BITS                                                                             \
  (ACCESS_MASK | SHARE_MASK | STGM_CREATE | STGM_TRANSACTED | STGM_CONVERT | STGM_PRIORITY |        \
   STGM_NOSCRATCH | STGM_NOSNAPSHOT | STGM_DIRECT_SWMR | STGM_DELETEONRELEASE | STGM_SIMPLE)

static const IStorageVtbl storage_vtbl;

MapiStorage *
mapi_storage_new (IMsgStorage *storage,
                  DWORD        mode)
{
  MapiStorage *self = g_new0 (MapiStorage, 1);

  self->iface.lpVtbl = &storage_vtbl;
  self->ref_count = 1;
  self->storage = storage;
  self->mode = mode & ~(DWORD) STGM_CREATE;
  self->open_streams = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  self->open_storages = g_hash_table_new (g_str_hash, g_str_equal);
  self->enumerators = g_ptr_array_new ();
  return self;
}

MapiStorage *
mapi_storage_peek (LPSTORAGE iface)
{
  return iface != NULL && iface->lpVtbl == &storage_vtbl ? SELF (iface) : NULL;
}

HRESULT
mapi_storage_check (MapiStorage *self)
{
  if (!self->is_reverted && !imsg_storage_is_closed (self->storage))
    return S_OK;
  return self->dead_code != 0 ? self->dead_code : STG_E_REVERTED;
}

/* Storages opened for reading, but transacted, can be edited; only their commit fails. */
gboolean
mapi_storage_can_edit (MapiStorage *self)
{
  return ((self->mode & ACCESS_MASK) != STGM_READ || (self->mode & STGM_TRANSACTED) != 0) &&
         imsg_storage_is_writable (self->storage);
}

static HRESULT
check_editable (MapiStorage *self)
{
  HRESULT hr = mapi_storage_check (self);

  if (FAILED (hr))
    return hr;
  return mapi_storage_can_edit (self) ? S_OK : STG_E_ACCESSDENIED;
}

HRESULT
mapi_storage_take_name (const OLECHAR  *name,
                        char          **utf8)
{
  gsize n_units = 0;

  if (name == NULL)
    return STG_E_INVALIDNAME;
  for (; name[n_units] != 0; n_units++)
    {
      if (n_units >= MAX_NAME_UNITS || name[n_units] == '/' || name[n_units] == '\\' ||
          name[n_units] == ':' || name[n_units] == '!')
        return STG_E_INVALIDNAME;
    }
  if (n_units == 0)
    return STG_E_INVALIDNAME;
  *utf8 = mapi_wide_to_utf8 (name);
  return S_OK;
}

/* What methods that change a member begin with: *utf8 is the name as UTF-8. */
static HRESULT
begin_edit (MapiStorage    *self,
            const OLECHAR  *name,
            char          **utf8)
{
  HRESULT hr = mapi_storage_check (self);

  if (SUCCEEDED (hr))
    hr = mapi_storage_take_name (name, utf8);
  return SUCCEEDED (hr) ? check_editable (self) : hr;
}

/* --- what is open below --- */

void
mapi_storage_revert_tree (MapiStorage *self,
                          HRESULT      code)
{
  g_autoptr(GPtrArray) pending = g_ptr_array_new ();

  g_ptr_array_add (pending, self);
  while (pending->len > 0)
    {
      MapiStorage *storage = g_ptr_array_steal_index_fast (pending, pending->len - 1);
      GHashTableIter iter;
      gpointer item;

      if (code != 0)
        mapi_storage_let_go_enumerators (storage, code);
      g_hash_table_iter_init (&iter, storage->open_streams);
      while (g_hash_table_iter_next (&iter, NULL, &item))
        {
          ((MapiContent *) item)->closed = NULL;
          mapi_content_revert (item, code);
        }
      g_hash_table_remove_all (storage->open_streams);
      g_hash_table_iter_init (&iter, storage->open_storages);
      while (g_hash_table_iter_next (&iter, NULL, &item))
        {
          MapiStorage *child = item;

          child->parent = NULL;
          child->is_reverted = TRUE;
          child->dead_code = code;
          g_ptr_array_add (pending, child);
        }
      g_hash_table_remove_all (storage->open_storages);
    }
}

static void
revert_name (MapiStorage *self,
             const char  *name)
{
  g_autofree char *key = mapi_name_key (name);
  MapiContent *content = g_hash_table_lookup (self->open_streams, key);
  MapiStorage *child = g_hash_table_lookup (self->open_storages, key);

  if (content != NULL)
    {
      content->closed = NULL;
      mapi_content_revert (content, 0);
      g_hash_table_remove (self->open_streams, key);
    }
  if (child != NULL)
    {
      g_hash_table_remove (self->open_storages, key);
      child->parent = NULL;
      child->is_reverted = TRUE;
      mapi_storage_revert_tree (child, 0);
    }
}

gboolean
mapi_storage_is_open_name (MapiStorage *self,
                           const char  *name)
{
  g_autofree char *key = mapi_name_key (name);

  return g_hash_table_contains (self->open_streams, key) ||
         g_hash_table_contains (self->open_storages, key);
}

HRESULT
mapi_storage_flush (MapiStorage *self)
{
  g_autoptr(GPtrArray) pending = g_ptr_array_new ();

  g_ptr_array_add (pending, self);
  while (pending->len > 0)
    {
      MapiStorage *storage = g_ptr_array_steal_index_fast (pending, pending->len - 1);
      GHashTableIter iter;
      gpointer item;

      g_hash_table_iter_init (&iter, storage->open_streams);
      while (g_hash_table_iter_next (&iter, NULL, &item))
        {
          HRESULT hr = mapi_content_flush (item);

          if (FAILED (hr))
            return hr;
        }
      g_hash_table_iter_init (&iter, storage->open_storages);
      while (g_hash_table_iter_next (&iter, NULL, &item))
        g_ptr_array_add (pending, item);
    }
  return S_OK;
}

static void
stream_closed_cb (MapiContent *content,
                  gpointer     user_data)
{
  MapiStorage *self = user_data;
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->open_streams);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      if (item == content)
        {
          g_hash_table_iter_remove (&iter);
          return;
        }
    }
}

/* --- IUnknown --- */

static HRESULT
storage_query_interface (IStorage *iface,
                         REFIID    riid,
                         LPVOID   *object)
{
  if (object == NULL)
    return E_POINTER;
  return mapi_answer_interface (iface, riid, object, &IID_IStorage, NULL);
}

static ULONG
storage_add_ref (IStorage *iface)
{
  return (ULONG) g_atomic_int_add (&SELF (iface)->ref_count, 1) + 1;
}

static void
storage_free (MapiStorage *self)
{
  if (self->closed != NULL)
    self->closed (self, self->closed_data);
  /* Streams below flush while they still count. */
  mapi_storage_flush (self);
  mapi_storage_revert_tree (self, 0);
  if (self->is_root && !self->is_reverted && (self->mode & STGM_TRANSACTED) == 0 &&
      (self->mode & ACCESS_MASK) != STGM_READ && imsg_storage_is_modified (self->storage))
    mapi_storage_commit (&self->iface, STGC_DEFAULT);
  if (self->parent != NULL)
    g_hash_table_remove (self->parent->open_storages, self->key);
  if ((self->mode & STGM_TRANSACTED) != 0 && !self->is_root && !self->is_reverted)
    imsg_storage_revert (self->storage, NULL);
  g_object_unref (self->storage);
  if (self->delete_on_release && self->path != NULL)
    unlink (self->path);
  if (self->share != NULL)
    mapi_share_release (self->share);
  UlRelease (self->lock_bytes);
  UlRelease (self->stream);
  mapi_storage_let_go_enumerators (self, 0);
  g_ptr_array_unref (self->enumerators);
  g_hash_table_unref (self->open_streams);
  g_hash_table_unref (self->open_storages);
  g_free (self->path);
  g_free (self->key);
  g_free (self);
}

static ULONG
storage_release (IStorage *iface)
{
  MapiStorage *self = SELF (iface);
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    storage_free (self);
  return (ULONG) (before - 1);
}

/* --- members --- */

static HRESULT
check_element_mode (MapiStorage *self,
                    DWORD        mode,
                    gboolean     is_stream,
                    gboolean     creates)
{
  DWORD access = mode & ACCESS_MASK;

  if ((mode & ~(DWORD) KNOWN_MODE_BITS) != 0 || access == ACCESS_MASK ||
      (mode & SHARE_MASK) > STGM_SHARE_DENY_NONE)
    return STG_E_INVALIDFLAG;
  if (is_stream && (mode & STGM_TRANSACTED) != 0)
    return STG_E_INVALIDFUNCTION;
  if ((mode & STGM_DELETEONRELEASE) != 0)
    return is_stream || !creates ? STG_E_INVALIDFUNCTION : STG_E_INVALIDFLAG;
  if ((mode & (STGM_CONVERT | STGM_PRIORITY | STGM_SIMPLE | STGM_NOSCRATCH | STGM_NOSNAPSHOT |
               STGM_DIRECT_SWMR)) != 0 ||
      (!creates && (mode & STGM_CREATE) != 0))
    return STG_E_INVALIDFLAG;
  if ((mode & SHARE_MASK) != STGM_SHARE_EXCLUSIVE)
    return STG_E_INVALIDFLAG;
  if (creates)
    return mapi_storage_can_edit (self) ? S_OK : STG_E_ACCESSDENIED;
  if (access != STGM_READ && !mapi_storage_can_edit (self))
    return (self->mode & STGM_TRANSACTED) != 0 ? STG_E_ACCESSDENIED : STG_E_INVALIDFLAG;
  return S_OK;
}

static IMsgStorageFlags
to_storage_flags (DWORD mode)
{
  IMsgStorageFlags flags = IMSG_STORAGE_READ;

  if ((mode & ACCESS_MASK) != STGM_READ)
    flags |= IMSG_STORAGE_READ_WRITE;
  if ((mode & STGM_TRANSACTED) != 0)
    flags |= IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED;
  return flags;
}

static gboolean
has_member (MapiStorage          *self,
            const char           *name,
            IMsgStorageEntryKind *kind)
{
  g_autoptr(IMsgStorageEntry) entry = imsg_storage_find_entry (self->storage, name);

  if (entry == NULL)
    return FALSE;
  *kind = imsg_storage_entry_get_kind (entry);
  return TRUE;
}

/* Makes room for a new member: FILEALREADYEXISTS, or what is there goes. */
static HRESULT
make_room (MapiStorage *self,
           const char  *name,
           DWORD        mode)
{
  g_autoptr(GError) error = NULL;
  IMsgStorageEntryKind kind;

  if (!has_member (self, name, &kind))
    return S_OK;
  if ((mode & STGM_CREATE) == 0)
    return STG_E_FILEALREADYEXISTS;
  revert_name (self, name);
  if (!imsg_storage_remove (self->storage, name, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

/* What the four methods that create or open a member begin with: *name is the name as UTF-8. */
static HRESULT
begin_member (MapiStorage    *self,
              const OLECHAR  *wide_name,
              gboolean        has_reserved,
              DWORD           mode,
              gboolean        is_stream,
              gboolean        creates,
              char          **name)
{
  HRESULT hr = mapi_storage_check (self);

  if (SUCCEEDED (hr))
    hr = mapi_storage_take_name (wide_name, name);
  if (FAILED (hr))
    return hr;
  if (has_reserved)
    return STG_E_INVALIDPARAMETER;
  hr = check_element_mode (self, mode, is_stream, creates);
  if (FAILED (hr) || !creates)
    return hr;
  return make_room (self, *name, mode);
}

/* The member of that name, which must be of that kind and open nowhere else */
static HRESULT
check_member (MapiStorage          *self,
              const char           *name,
              IMsgStorageEntryKind  wanted)
{
  IMsgStorageEntryKind kind;

  if (!has_member (self, name, &kind) || kind != wanted)
    return STG_E_FILENOTFOUND;
  return mapi_storage_is_open_name (self, name) ? STG_E_ACCESSDENIED : S_OK;
}

static LPSTREAM
adopt_stream (MapiStorage   *self,
              MapiContent   *content,
              const OLECHAR *name,
              const char    *utf8,
              DWORD          mode)
{
  content->name = g_memdup2 (name, (mapi_wide_length (name) + 1) * sizeof (WCHAR));
  content->mode = mode & ~(DWORD) STGM_CREATE;
  content->closed = stream_closed_cb;
  content->closed_data = self;
  g_hash_table_insert (self->open_streams, mapi_name_key (utf8), content);
  return mapi_stream_new (content);
}

static HRESULT
storage_create_stream (IStorage       *iface,
                       const OLECHAR  *pwcsName,
                       DWORD           grfMode,
                       DWORD           reserved1,
                       DWORD           reserved2,
                       IStream       **ppstm)
{
  MapiStorage *self = SELF (iface);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  GIOStream *io;
  HRESULT hr;

  if (ppstm == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstm = NULL;
  hr = begin_member (self, pwcsName, reserved1 != 0 || reserved2 != 0, grfMode, TRUE, TRUE, &name);
  if (FAILED (hr))
    return hr;
  io = imsg_storage_edit_stream (self->storage, name, TRUE, &error);
  if (io == NULL)
    return mapi_take_storage_error (&error);
  *ppstm = adopt_stream (self, mapi_content_new_io (io), pwcsName, name, grfMode);
  return S_OK;
}

static HRESULT
storage_open_stream (IStorage       *iface,
                     const OLECHAR  *pwcsName,
                     void           *reserved1,
                     DWORD           grfMode,
                     DWORD           reserved2,
                     IStream       **ppstm)
{
  MapiStorage *self = SELF (iface);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  MapiContent *content;
  HRESULT hr;

  if (ppstm == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstm = NULL;
  hr = begin_member (self, pwcsName, reserved1 != NULL || reserved2 != 0, grfMode, TRUE, FALSE,
                     &name);
  if (SUCCEEDED (hr))
    hr = check_member (self, name, IMSG_STORAGE_ENTRY_STREAM);
  if (FAILED (hr))
    return hr;
  if ((grfMode & ACCESS_MASK) == STGM_READ)
    {
      GInputStream *input = imsg_storage_open_stream (self->storage, name, &error);

      content = input != NULL ? mapi_content_new_input (input) : NULL;
    }
  else
    {
      GIOStream *io = imsg_storage_edit_stream (self->storage, name, FALSE, &error);

      content = io != NULL ? mapi_content_new_io (io) : NULL;
    }
  if (content == NULL)
    return mapi_take_storage_error (&error);
  *ppstm = adopt_stream (self, content, pwcsName, name, grfMode);
  return S_OK;
}

static LPSTORAGE
adopt_storage (MapiStorage *self,
               IMsgStorage *storage,
               const char  *name,
               DWORD        mode)
{
  MapiStorage *child = mapi_storage_new (storage, mode);

  child->parent = self;
  child->key = mapi_name_key (name);
  g_hash_table_insert (self->open_storages, child->key, child);
  return &child->iface;
}

static HRESULT
storage_create_storage (IStorage       *iface,
                        const OLECHAR  *pwcsName,
                        DWORD           grfMode,
                        DWORD           reserved1,
                        DWORD           reserved2,
                        IStorage      **ppstg)
{
  MapiStorage *self = SELF (iface);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage;
  HRESULT hr;

  if (ppstg == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstg = NULL;
  hr = begin_member (self, pwcsName, reserved1 != 0 || reserved2 != 0, grfMode, FALSE, TRUE, &name);
  if (FAILED (hr))
    return hr;
  storage = imsg_storage_create_storage (self->storage, name, to_storage_flags (grfMode), &error);
  if (storage == NULL)
    return mapi_take_storage_error (&error);
  *ppstg = adopt_storage (self, storage, name, grfMode);
  return S_OK;
}

static HRESULT
storage_open_storage (IStorage       *iface,
                      const OLECHAR  *pwcsName,
                      IStorage       *pstgPriority,
                      DWORD           grfMode,
                      SNB             snbExclude,
                      DWORD           reserved,
                      IStorage      **ppstg)
{
  MapiStorage *self = SELF (iface);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage;
  HRESULT hr;

  if (ppstg == NULL)
    return STG_E_INVALIDPOINTER;
  *ppstg = NULL;
  hr = begin_member (self, pwcsName, pstgPriority != NULL || snbExclude != NULL || reserved != 0,
                     grfMode, FALSE, FALSE, &name);
  if (SUCCEEDED (hr))
    hr = check_member (self, name, IMSG_STORAGE_ENTRY_STORAGE);
  if (FAILED (hr))
    return hr;
  storage = imsg_storage_open_storage (self->storage, name, to_storage_flags (grfMode), &error);
  /* A transaction that nobody can commit needs none where nothing can be written. */
  if (storage == NULL && (grfMode & ACCESS_MASK) == STGM_READ)
    {
      g_clear_error (&error);
      storage = imsg_storage_open_storage (self->storage, name, IMSG_STORAGE_READ, &error);
    }
  if (storage == NULL)
    return mapi_take_storage_error (&error);
  *ppstg = adopt_storage (self, storage, name, grfMode);
  return S_OK;
}

static HRESULT
storage_revert (IStorage *iface)
{
  MapiStorage *self = SELF (iface);
  g_autoptr(GError) error = NULL;
  HRESULT hr = mapi_storage_check (self);

  if (FAILED (hr))
    return hr;
  if ((self->mode & STGM_TRANSACTED) == 0)
    return S_OK;
  mapi_storage_revert_tree (self, 0);
  if (imsg_storage_is_writable (self->storage) && !imsg_storage_revert (self->storage, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static HRESULT
storage_destroy_element (IStorage      *iface,
                         const OLECHAR *pwcsName)
{
  MapiStorage *self = SELF (iface);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  HRESULT hr = begin_edit (self, pwcsName, &name);

  if (FAILED (hr))
    return hr;
  revert_name (self, name);
  if (!imsg_storage_remove (self->storage, name, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static HRESULT
storage_rename_element (IStorage      *iface,
                        const OLECHAR *pwcsOldName,
                        const OLECHAR *pwcsNewName)
{
  MapiStorage *self = SELF (iface);
  g_autofree char *old_name = NULL;
  g_autofree char *new_name = NULL;
  g_autoptr(GError) error = NULL;
  IMsgStorageEntryKind kind;
  HRESULT hr = mapi_storage_check (self);

  if (SUCCEEDED (hr))
    hr = mapi_storage_take_name (pwcsNewName, &new_name);
  if (SUCCEEDED (hr))
    hr = begin_edit (self, pwcsOldName, &old_name);
  if (FAILED (hr))
    return hr;
  if (mapi_storage_is_open_name (self, old_name))
    return STG_E_ACCESSDENIED;
  if (!has_member (self, old_name, &kind))
    return STG_E_FILENOTFOUND;
  if (has_member (self, new_name, &kind) && !mapi_names_equal (old_name, new_name))
    return STG_E_FILEALREADYEXISTS;
  if (!imsg_storage_rename (self->storage, old_name, new_name, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static HRESULT
storage_set_element_times (IStorage       *iface,
                           const OLECHAR  *pwcsName,
                           const FILETIME *pctime,
                           const FILETIME *patime,
                           const FILETIME *pmtime)
{
  MapiStorage *self = SELF (iface);
  g_autofree char *name = NULL;
  g_autoptr(GError) error = NULL;
  HRESULT hr = pwcsName != NULL ? begin_edit (self, pwcsName, &name) : check_editable (self);

  if (FAILED (hr))
    return hr;
  if (!imsg_storage_set_entry_times (self->storage, name,
                                     pctime != NULL ? mapi_filetime_to_ticks (*pctime) : 0,
                                     pmtime != NULL ? mapi_filetime_to_ticks (*pmtime) : 0,
                                     &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static HRESULT
storage_set_class (IStorage *iface,
                   REFCLSID  clsid)
{
  MapiStorage *self = SELF (iface);
  char text[MAPI_GUID_TEXT_SIZE];
  g_autoptr(GError) error = NULL;
  HRESULT hr;

  if (clsid == NULL)
    return STG_E_INVALIDPOINTER;
  hr = check_editable (self);
  if (FAILED (hr))
    return hr;
  mapi_guid_to_text (clsid, text);
  if (!imsg_storage_set_class_id (self->storage, text, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static HRESULT
storage_set_state_bits (IStorage *iface,
                        DWORD     grfStateBits,
                        DWORD     grfMask)
{
  MapiStorage *self = SELF (iface);
  g_autoptr(GError) error = NULL;
  HRESULT hr = check_editable (self);

  if (FAILED (hr))
    return hr;
  if (!imsg_storage_set_state_bits (self->storage, grfStateBits, grfMask, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static const IStorageVtbl storage_vtbl = {
  storage_query_interface,
  storage_add_ref,
  storage_release,
  storage_create_stream,
  storage_open_stream,
  storage_create_storage,
  storage_open_storage,
  mapi_storage_copy_to,
  mapi_storage_move_element,
  mapi_storage_commit,
  storage_revert,
  mapi_storage_enumerate,
  storage_destroy_element,
  storage_rename_element,
  storage_set_element_times,
  storage_set_class,
  storage_set_state_bits,
  mapi_storage_stat,
};

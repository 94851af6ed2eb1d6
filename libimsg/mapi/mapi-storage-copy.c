/* mapi-storage-copy.c - copying and moving between storages of any make
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-storage-private.h"

typedef struct
{
  gboolean streams_only; /* no storages, at this level */
  gboolean no_streams;   /* the tree without streams, at every level */
  SNB      names;        /* (nullable): not to be copied, at this level */
  guint64  depth;
  const char *prefix;    /* (nullable): only members whose names begin so, at this level, and
                          * nothing of the storage itself */
} CopyRules;

#define MEMBER_READ (STGM_READ | STGM_SHARE_EXCLUSIVE)
#define MEMBER_WRITE (STGM_READWRITE | STGM_SHARE_EXCLUSIVE)

static gboolean
is_excluded (const CopyRules *rules,
             const char      *name)
{
  if (rules->names == NULL)
    return FALSE;
  for (SNB excluded = rules->names; *excluded != NULL; excluded++)
    {
      g_autofree char *utf8 = mapi_wide_to_utf8 (*excluded);

      if (mapi_names_equal (utf8, name))
        return TRUE;
    }
  return FALSE;
}

static HRESULT
copy_stream (IMsgStorage   *source,
             const char    *name,
             IStorage      *destination,
             const OLECHAR *new_name)
{
  g_autoptr(GError) error = NULL;
  GInputStream *input = imsg_storage_open_stream (source, name, &error);
  LPSTREAM from;
  LPSTREAM to = NULL;
  guint64 n_read, n_written;
  HRESULT hr;

  if (input == NULL)
    return mapi_take_storage_error (&error);
  from = mapi_stream_new (mapi_content_new_input (input));
  hr = destination->lpVtbl->CreateStream (destination, new_name, STGM_CREATE | MEMBER_WRITE, 0, 0,
                                          &to);
  if (SUCCEEDED (hr))
    {
      hr = mapi_stream_copy (from, to, G_MAXUINT64, &n_read, &n_written);
      if (SUCCEEDED (hr))
        hr = to->lpVtbl->Commit (to, STGC_DEFAULT);
      to->lpVtbl->Release (to);
    }
  from->lpVtbl->Release (from);
  return hr;
}

static HRESULT copy_members (IMsgStorage     *source,
                             IStorage        *destination,
                             const CopyRules *rules);

/* A storage of the name is entered, a stream of it replaced. */
static HRESULT
copy_storage (IMsgStorage     *source,
              const char      *name,
              IStorage        *destination,
              const OLECHAR   *new_name,
              const CopyRules *rules)
{
  CopyRules below = { FALSE, rules->no_streams, NULL, rules->depth + 1, NULL };
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgStorage) from = NULL;
  IStorage *to = NULL;
  HRESULT hr;

  from = imsg_storage_open_storage (source, name, IMSG_STORAGE_READ, &error);
  if (from == NULL)
    return mapi_take_storage_error (&error);
  hr = destination->lpVtbl->OpenStorage (destination, new_name, NULL, MEMBER_WRITE, NULL, 0, &to);
  if (hr == STG_E_FILENOTFOUND)
    hr = destination->lpVtbl->CreateStorage (destination, new_name, STGM_CREATE | MEMBER_WRITE, 0,
                                             0, &to);
  if (FAILED (hr))
    return hr;
  hr = copy_members (from, to, &below);
  if (SUCCEEDED (hr))
    hr = to->lpVtbl->Commit (to, STGC_DEFAULT);
  to->lpVtbl->Release (to);
  return hr;
}

/* The class and state of a storage, then its members; recursive down to the limit of nesting. */
static HRESULT
copy_members (IMsgStorage     *source,
              IStorage        *destination,
              const CopyRules *rules)
{
  GListModel *entries = imsg_storage_get_entries (source);
  g_autofree char *class_id = imsg_storage_dup_class_id (source);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (g_object_unref);
  CLSID clsid = CLSID_NULL;
  HRESULT hr = S_OK;

  if (rules->depth > imsg_limit_get_default (IMSG_LIMIT_NESTING) * 4)
    return STG_E_DOCFILETOOLARGE;
  if (class_id != NULL)
    mapi_guid_from_text (class_id, &clsid);
  if (rules->prefix == NULL)
    hr = destination->lpVtbl->SetClass (destination, &clsid);
  if (SUCCEEDED (hr) && rules->prefix == NULL)
    hr = destination->lpVtbl->SetStateBits (destination, imsg_storage_get_state_bits (source),
                                            0xFFFFFFFF);
  for (guint i = 0; i < g_list_model_get_n_items (entries); i++)
    g_ptr_array_add (items, g_list_model_get_item (entries, i));
  for (guint i = 0; i < items->len && SUCCEEDED (hr); i++)
    {
      IMsgStorageEntry *entry = items->pdata[i];
      const char *name = imsg_storage_entry_get_name (entry);
      gboolean is_stream = imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STREAM;
      g_autofree gunichar2 *wide = NULL;

      if ((is_stream && rules->no_streams) || (!is_stream && rules->streams_only) ||
          (rules->prefix != NULL && !g_str_has_prefix (name, rules->prefix)) ||
          is_excluded (rules, name))
        continue;
      wide = g_utf8_to_utf16 (name, -1, NULL, NULL, NULL);
      if (wide == NULL)
        return STG_E_INVALIDNAME;
      hr = is_stream ? copy_stream (source, name, destination, wide)
                     : copy_storage (source, name, destination, wide, rules);
    }
  return hr;
}

HRESULT
mapi_storage_copy_prefixed (IMsgStorage *source,
                            const char  *prefix,
                            IStorage    *destination)
{
  CopyRules rules = { FALSE, FALSE, NULL, 1, prefix };

  return copy_members (source, destination, &rules);
}

static gboolean
lies_inside (MapiStorage *inner,
             MapiStorage *outer)
{
  for (; inner != NULL; inner = inner->parent)
    {
      if (inner == outer)
        return TRUE;
    }
  return FALSE;
}

HRESULT
mapi_storage_copy_to (IStorage  *iface,
                      DWORD      ciidExclude,
                      const IID *rgiidExclude,
                      SNB        snbExclude,
                      IStorage  *pstgDest)
{
  MapiStorage *self = (MapiStorage *) iface;
  MapiStorage *destination = mapi_storage_peek (pstgDest);
  CopyRules rules = { FALSE, FALSE, snbExclude, 1, NULL };
  HRESULT hr = mapi_storage_check (self);

  if (FAILED (hr))
    return hr;
  if (pstgDest == NULL)
    return STG_E_INVALIDPOINTER;
  for (DWORD i = 0; rgiidExclude != NULL && i < ciidExclude; i++)
    {
      if (IsEqualIID (&rgiidExclude[i], &IID_IStorage))
        rules.streams_only = TRUE;
      else if (IsEqualIID (&rgiidExclude[i], &IID_IStream))
        rules.no_streams = TRUE;
    }
  if (rules.streams_only)
    rules.names = NULL;
  else if (destination != NULL && lies_inside (destination, self))
    return STG_E_ACCESSDENIED;
  hr = mapi_storage_flush (self);
  if (SUCCEEDED (hr))
    hr = copy_members (self->storage, pstgDest, &rules);
  return hr;
}

HRESULT
mapi_storage_move_element (IStorage      *iface,
                           const OLECHAR *pwcsName,
                           IStorage      *pstgDest,
                           const OLECHAR *pwcsNewName,
                           DWORD          grfFlags)
{
  MapiStorage *self = (MapiStorage *) iface;
  MapiStorage *destination = mapi_storage_peek (pstgDest);
  CopyRules rules = { FALSE, FALSE, NULL, 1, NULL };
  g_autofree char *name = NULL;
  g_autofree char *new_name = NULL;
  g_autoptr(IMsgStorageEntry) entry = NULL;
  g_autoptr(GError) error = NULL;
  IStorage *existing = NULL;
  IStream *existing_stream = NULL;
  HRESULT hr = mapi_storage_check (self);

  if (FAILED (hr))
    return hr;
  if (pstgDest == NULL)
    return STG_E_INVALIDPOINTER;
  hr = mapi_storage_take_name (pwcsName, &name);
  if (SUCCEEDED (hr))
    hr = mapi_storage_take_name (pwcsNewName != NULL ? pwcsNewName : pwcsName, &new_name);
  if (FAILED (hr))
    return hr;
  if (grfFlags != STGMOVE_MOVE && grfFlags != STGMOVE_COPY)
    return STG_E_INVALIDFLAG;
  if (grfFlags == STGMOVE_MOVE && !mapi_storage_can_edit (self))
    return STG_E_ACCESSDENIED;
  entry = imsg_storage_find_entry (self->storage, name);
  if (entry == NULL)
    return STG_E_FILENOTFOUND;
  /* Open elements stay where they are; that covers a storage being moved into itself. */
  if (mapi_storage_is_open_name (self, name))
    return STG_E_ACCESSDENIED;
  if (destination == self && mapi_names_equal (name, new_name))
    return STG_E_ACCESSDENIED;
  if (pwcsNewName == NULL)
    pwcsNewName = pwcsName;
  hr = pstgDest->lpVtbl->OpenStream (pstgDest, pwcsNewName, NULL, MEMBER_READ, 0,
                                     &existing_stream);
  UlRelease (existing_stream);
  if (hr == STG_E_FILENOTFOUND)
    {
      hr = pstgDest->lpVtbl->OpenStorage (pstgDest, pwcsNewName, NULL, MEMBER_READ, NULL, 0,
                                          &existing);
      UlRelease (existing);
    }
  if (hr != STG_E_FILENOTFOUND)
    return SUCCEEDED (hr) || hr == STG_E_ACCESSDENIED ? STG_E_FILEALREADYEXISTS : hr;
  if (imsg_storage_entry_get_kind (entry) == IMSG_STORAGE_ENTRY_STREAM)
    hr = copy_stream (self->storage, name, pstgDest, pwcsNewName);
  else
    hr = copy_storage (self->storage, name, pstgDest, pwcsNewName, &rules);
  if (FAILED (hr) || grfFlags == STGMOVE_COPY)
    return hr;
  if (!imsg_storage_remove (self->storage, name, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

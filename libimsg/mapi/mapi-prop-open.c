/* mapi-prop-open.c - IMAPIProp::OpenProperty
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

#define KNOWN_FLAGS                                                                                 \
  (MAPI_MODIFY | MAPI_CREATE | STREAM_APPEND | MAPI_DEFERRED_ERRORS | MAPI_BEST_ACCESS)

#define KEY(tag) GUINT_TO_POINTER (PROP_ID (tag))

static MapiOpenProperty *
remember (MapiObject *self,
          ULONG       tag,
          const IID  *iid,
          gpointer    pointer,
          gboolean    writes)
{
  MapiOpenProperty *open = g_new0 (MapiOpenProperty, 1);

  open->iid = *iid;
  open->pointer = pointer;
  open->writes = writes;
  g_hash_table_insert (self->open, KEY (tag), open);
  return open;
}

static void
forget (MapiObject *self,
        gpointer    pointer,
        MapiContent *content)
{
  GHashTableIter iter;
  gpointer item;

  g_hash_table_iter_init (&iter, self->open);
  while (g_hash_table_iter_next (&iter, NULL, &item))
    {
      MapiOpenProperty *open = item;

      if ((content != NULL && open->content == content) ||
          (content == NULL && open->pointer == pointer))
        {
          g_hash_table_iter_remove (&iter);
          return;
        }
    }
}

/* The same object with one more reference, when what is open is what is asked for. */
static HRESULT
open_again (MapiObject *self,
            ULONG       tag,
            LPCIID      iid,
            LPUNKNOWN  *unknown,
            gboolean   *is_open)
{
  MapiOpenProperty *open = g_hash_table_lookup (self->open, KEY (tag));

  *is_open = open != NULL && (open->content == NULL || !open->content->is_closing);
  if (!*is_open)
    return S_OK;
  if (!IsEqualIID (&open->iid, iid))
    return mapi_object_fail (self, MAPI_E_NO_ACCESS,
                             _("The property is open through another interface"));
  if (open->content != NULL)
    {
      /* Its first stream may be gone while a clone lives. */
      if (open->content->primary != NULL)
        {
          UlAddRef (open->content->primary);
          *unknown = (LPUNKNOWN) open->content->primary;
        }
      else
        {
          *unknown = (LPUNKNOWN) mapi_stream_new (mapi_content_ref (open->content));
        }
      return S_OK;
    }
  UlAddRef (open->pointer);
  *unknown = open->pointer;
  return S_OK;
}

/* --- streams --- */

static void
stream_closed_cb (MapiContent *content,
                  gpointer     user_data)
{
  MapiObject *self = user_data;

  forget (self, NULL, content);
  UlRelease (self);
}

/* A stream asked for where the value is of another kind: text for bytes, an object for bytes … */
static HRESULT
check_stream_type (MapiObject *self,
                   ULONG       tag,
                   ULONG       stored_tag,
                   gboolean    creates)
{
  ULONG wanted = PROP_TYPE (tag);
  ULONG stored = PROP_TYPE (stored_tag);

  if (creates)
    return S_OK;
  if (stored_tag == 0)
    return mapi_object_fail (self, MAPI_E_NOT_FOUND, _("The property is not there"));
  if (wanted == stored || (mapi_is_text_type (wanted) && mapi_is_text_type (stored) &&
                           (wanted & MV_FLAG) == (stored & MV_FLAG)))
    return S_OK;
  if (wanted == PT_OBJECT && stored == PT_BINARY)
    return S_OK;
  return mapi_object_fail (self, MAPI_E_NOT_FOUND, _("The property is there with another type"));
}

static HRESULT
open_stream (MapiObject *self,
             ULONG       tag,
             ULONG       flags,
             gboolean    writes,
             LPUNKNOWN  *unknown)
{
  gboolean creates = (flags & MAPI_CREATE) != 0;
  ULONG stored_tag = imsg_property_object_find_tag (self->object, tag);
  g_autoptr(GError) error = NULL;
  MapiContent *content = NULL;
  LPSTREAM stream;
  HRESULT hr;

  if (PROP_TYPE (tag) == PT_OBJECT && PROP_TYPE (stored_tag) == PT_OBJECT)
    return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                             _("What is there is no row of bytes"));
  hr = check_stream_type (self, tag, stored_tag, creates);
  if (FAILED (hr))
    return hr;
  if (!creates && mapi_object_is_hidden (self, stored_tag))
    return mapi_object_fail (self, MAPI_E_NO_ACCESS, _("The property must not be read"));
  if (PROP_TYPE (tag) == PT_OBJECT)
    tag = CHANGE_PROP_TYPE (tag, PT_BINARY);
  if (writes)
    {
      GIOStream *io = imsg_property_object_edit_stream (self->object, tag, creates, NULL, &error);

      content = io != NULL ? mapi_content_new_io (io) : NULL;
    }
  else
    {
      GInputStream *input = imsg_property_object_open_stream (self->object, tag, NULL, &error);

      content = input != NULL ? mapi_content_new_input (input) : NULL;
    }
  if (content == NULL)
    return mapi_object_take_error (self, &error);
  if (writes && creates)
    {
      /* What was there is discarded, and an empty value is one that was written. */
      content->klass->set_size (content, 0);
      content->is_dirty = TRUE;
    }
  content->closed = stream_closed_cb;
  content->closed_data = self;
  UlAddRef (self);
  stream = mapi_stream_new (content);
  remember (self, tag, &IID_IStream, stream, writes)->content = content;
  if ((flags & STREAM_APPEND) != 0)
    {
      LARGE_INTEGER end = { .QuadPart = 0 };

      stream->lpVtbl->Seek (stream, end, STREAM_SEEK_END, NULL);
    }
  *unknown = (LPUNKNOWN) stream;
  return S_OK;
}

/* --- embedded messages and storages --- */

static HRESULT
open_message (MapiObject *self,
              ULONG       tag,
              ULONG       flags,
              gboolean    writes,
              LPUNKNOWN  *unknown)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message;
  MapiObject *embedded;

  if ((flags & MAPI_CREATE) == 0 &&
      imsg_property_object_find_tag (self->object, CHANGE_PROP_TYPE (tag, PT_UNSPECIFIED)) == 0)
    return mapi_object_fail (self, MAPI_E_NOT_FOUND, _("The property is not there"));
  if ((flags & MAPI_CREATE) != 0)
    message = imsg_attachment_create_message (IMSG_ATTACHMENT (self->object), &error);
  else
    message = imsg_attachment_open_message (IMSG_ATTACHMENT (self->object), NULL, &error);
  if (message == NULL)
    return mapi_object_take_error (self, &error);
  embedded = mapi_object_new (MAPI_KIND_MESSAGE, self->tree, self, IMSG_PROPERTY_OBJECT (message),
                              writes);
  remember (self, tag, &IID_IMessage, embedded, writes);
  *unknown = (LPUNKNOWN) embedded;
  return S_OK;
}

static void
storage_closed_cb (MapiStorage *storage,
                   gpointer     user_data)
{
  MapiObject *self = user_data;

  mapi_storage_flush (storage);
  forget (self, storage, NULL);
  UlRelease (self);
}

/* What was committed is what the attachment holds; its own save comes after. */
static HRESULT
storage_committed_cb (MapiStorage *storage,
                      gpointer     user_data)
{
  MapiObject *self = user_data;
  g_autoptr(GError) error = NULL;

  if (!imsg_attachment_set_storage (IMSG_ATTACHMENT (self->object), storage->storage, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

/* A storage to be changed is a transaction on a copy, for which no bytes are copied. */
static IMsgStorage *
open_copy (MapiObject  *self,
           gboolean     creates,
           GError     **error)
{
  IMsgAttachment *attachment = IMSG_ATTACHMENT (self->object);
  g_autoptr(IMsgStorage) copy =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  g_autoptr(IMsgStorage) stored = NULL;

  if (creates)
    stored = imsg_attachment_create_storage (attachment, error);
  else
    stored = imsg_attachment_open_storage (attachment, NULL, error);
  if (stored == NULL || !imsg_storage_copy_to (stored, copy, error) ||
      !imsg_storage_commit (copy, IMSG_COMMIT_DEFAULT, NULL, error))
    return NULL;
  return g_steal_pointer (&copy);
}

static HRESULT
open_storage (MapiObject *self,
              ULONG       tag,
              ULONG       flags,
              gboolean    writes,
              LPUNKNOWN  *unknown)
{
  DWORD mode = (writes ? STGM_READWRITE | STGM_TRANSACTED : STGM_READ) | STGM_SHARE_EXCLUSIVE;
  g_autoptr(GError) error = NULL;
  IMsgStorage *storage;
  MapiStorage *wrapper;

  if (writes)
    storage = open_copy (self, (flags & MAPI_CREATE) != 0, &error);
  else
    storage = imsg_attachment_open_storage (IMSG_ATTACHMENT (self->object), NULL, &error);
  if (storage == NULL)
    return mapi_object_take_error (self, &error);
  wrapper = mapi_storage_new (storage, mode);
  wrapper->closed = storage_closed_cb;
  wrapper->committed = writes ? storage_committed_cb : NULL;
  wrapper->closed_data = self;
  UlAddRef (self);
  remember (self, tag, &IID_IStorage, wrapper, writes);
  *unknown = (LPUNKNOWN) wrapper;
  return S_OK;
}

/* --- storages as the bytes of a compound file --- */

static HRESULT
docfile_written_cb (MapiContent *content,
                    gpointer     user_data)
{
  MapiObject *self = user_data;
  g_autoptr(IMsgStorage) storage = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree guint8 *data = NULL;
  guint64 size = 0;
  gsize n_read = 0;
  HRESULT hr = content->klass->get_size (content, &size);

  if (FAILED (hr))
    return hr;
  data = g_malloc (MAX (size, 1));
  hr = content->klass->read (content, 0, data, size, &n_read);
  if (FAILED (hr))
    return hr;
  bytes = g_bytes_new_take (g_steal_pointer (&data), n_read);
  storage = imsg_storage_open_bytes (bytes, IMSG_STORAGE_READ, NULL, &error);
  if (storage == NULL ||
      !imsg_attachment_set_storage (IMSG_ATTACHMENT (self->object), storage, &error))
    return mapi_take_storage_error (&error);
  return S_OK;
}

static GBytes *
read_docfile (MapiObject  *self,
              GError     **error)
{
  g_autoptr(IMsgStorage) copy =
    imsg_storage_new_memory (IMSG_STORAGE_READ_WRITE | IMSG_STORAGE_TRANSACTED);
  g_autoptr(IMsgStorage) stored =
    imsg_attachment_open_storage (IMSG_ATTACHMENT (self->object), NULL, error);

  if (stored == NULL || !imsg_storage_copy_to (stored, copy, error))
    return NULL;
  return imsg_storage_write_to_bytes (copy, NULL, error);
}

static HRESULT
open_docfile (MapiObject *self,
              ULONG       tag,
              ULONG       flags,
              gboolean    writes,
              LPUNKNOWN  *unknown)
{
  gboolean creates = (flags & MAPI_CREATE) != 0;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GError) error = NULL;
  MapiContent *content;
  LPSTREAM stream;
  gsize n_bytes = 0;

  if (!creates)
    {
      bytes = read_docfile (self, &error);
      if (bytes == NULL)
        return mapi_object_take_error (self, &error);
      n_bytes = g_bytes_get_size (bytes);
    }
  if (n_bytes > G_MAXINT32)
    return mapi_object_fail (self, MAPI_E_NOT_ENOUGH_MEMORY,
                             _("The storage is too large for a stream in memory"));
  content = mapi_content_new_memory (creates ? NULL : g_bytes_get_data (bytes, NULL), n_bytes);
  content->is_writable = writes;
  content->mode = writes ? STGM_READWRITE : STGM_READ;
  content->written = docfile_written_cb;
  content->closed = stream_closed_cb;
  content->closed_data = self;
  UlAddRef (self);
  stream = mapi_stream_new (content);
  remember (self, tag, &IID_IStreamDocfile, stream, writes)->content = content;
  *unknown = (LPUNKNOWN) stream;
  return S_OK;
}

static HRESULT
open_object (MapiObject *self,
             ULONG       tag,
             LPCIID      iid,
             ULONG       flags,
             gboolean    writes,
             LPUNKNOWN  *unknown)
{
  if (self->kind != MAPI_KIND_ATTACH || PROP_ID (tag) != PROP_ID (PR_ATTACH_DATA_OBJ))
    return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                             _("The property has no such interface"));
  if (IsEqualIID (iid, &IID_IMessage))
    return open_message (self, tag, flags, writes, unknown);
  if (IsEqualIID (iid, &IID_IStorage))
    return open_storage (self, tag, flags, writes, unknown);
  if (IsEqualIID (iid, &IID_IStreamDocfile))
    return open_docfile (self, tag, flags, writes, unknown);
  if (IsEqualIID (iid, &IID_IStream))
    return open_stream (self, tag, flags, writes, unknown);
  return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                           _("The property has no such interface"));
}

static HRESULT
open_table (MapiObject *self,
            ULONG       tag,
            LPCIID      iid,
            ULONG       options,
            LPUNKNOWN  *unknown)
{
  LPMAPITABLE table = NULL;
  HRESULT hr;

  if (!IsEqualIID (iid, &IID_IMAPITable))
    return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED, _("The property is a table"));
  hr = mapi_message_get_table (self, tag == PR_MESSAGE_RECIPIENTS, options & MAPI_UNICODE, &table);
  *unknown = (LPUNKNOWN) table;
  return hr;
}

HRESULT
mapi_prop_open_property (IMAPIProp *iface,
                         ULONG      ulPropTag,
                         LPCIID     lpiid,
                         ULONG      ulInterfaceOptions,
                         ULONG      ulFlags,
                         LPUNKNOWN *lppUnk)
{
  MapiObject *self = SELF (iface);
  ULONG type = PROP_TYPE (ulPropTag);
  gboolean is_open = FALSE;
  gboolean writes;
  HRESULT hr = mapi_object_check (self);

  if (lppUnk != NULL)
    *lppUnk = NULL;
  if (FAILED (hr))
    return hr;
  if (lpiid == NULL || lppUnk == NULL || type == PT_UNSPECIFIED)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                             _("OpenProperty: no interface, or a tag without a type"));
  if ((ulFlags & ~(ULONG) KNOWN_FLAGS) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("OpenProperty: unknown flags"));
  if (self->kind == MAPI_KIND_MESSAGE &&
      (ulPropTag == PR_MESSAGE_RECIPIENTS || ulPropTag == PR_MESSAGE_ATTACHMENTS))
    return open_table (self, ulPropTag, lpiid, ulInterfaceOptions, lppUnk);
  if (type != PT_OBJECT && type != PT_BINARY && type != PT_STRING8 && type != PT_UNICODE)
    return mapi_object_fail (self, MAPI_E_NO_SUPPORT,
                             _("A property of this type cannot be opened"));
  if (type != PT_OBJECT && !IsEqualIID (lpiid, &IID_IStream))
    return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                             _("Text and bytes can be opened as streams"));
  hr = open_again (self, ulPropTag, lpiid, lppUnk, &is_open);
  if (is_open)
    return hr;
  writes = (ulFlags & (MAPI_MODIFY | MAPI_CREATE)) != 0;
  if (writes && !self->is_writable)
    return mapi_object_fail (self, MAPI_E_NO_ACCESS, _("The object was opened for reading"));
  if ((ulFlags & MAPI_BEST_ACCESS) != 0)
    writes = self->is_writable;
  if (type == PT_OBJECT)
    return open_object (self, ulPropTag, lpiid, ulFlags, writes, lppUnk);
  return open_stream (self, ulPropTag, ulFlags, writes, lppUnk);
}

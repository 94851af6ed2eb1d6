/* mapi-message.c - IMessage and IAttach: attachments, saving, flags
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-object-private.h"

#include <glib/gi18n-lib.h>

#define SELF(iface) ((MapiObject *) (iface))

#define SAVE_FLAGS                                                                                  \
  (KEEP_OPEN_READONLY | KEEP_OPEN_READWRITE | FORCE_SAVE | MAPI_DEFERRED_ERRORS |                   \
   SPAMFILTER_ONSAVE | NON_EMS_XP_SAVE)

#define READ_FLAGS                                                                                  \
  (SUPPRESS_RECEIPT | CLEAR_READ_FLAG | MAPI_DEFERRED_ERRORS | GENERATE_RECEIPT_ONLY |              \
   CLEAR_RN_PENDING | CLEAR_NRN_PENDING)

/* --- saving --- */

static HRESULT
save_message (MapiObject *self,
              gboolean    force)
{
  IMsgSaveFlags flags = IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE;
  g_autoptr(GError) error = NULL;
  GHashTableIter iter;
  gpointer key;
  HRESULT hr;

  if (force)
    flags |= IMSG_SAVE_FORCE_SAVE;
  if (!imsg_message_save (IMSG_MESSAGE (self->object), flags, NULL, &error))
    return mapi_object_take_error (self, &error);
  if (self->parent == NULL)
    {
      hr = mapi_tree_commit (self->tree, force);
      if (FAILED (hr))
        return mapi_object_fail (self, hr, _("The storage could not be committed"));
    }
  /* Attachments that saved themselves have come through both saves now. */
  g_hash_table_iter_init (&iter, self->half_saved);
  while (g_hash_table_iter_next (&iter, &key, NULL))
    g_hash_table_remove (self->hidden, key);
  g_hash_table_remove_all (self->half_saved);
  mapi_message_refresh_tables (self);
  return S_OK;
}

static HRESULT
save_attachment (MapiObject *self)
{
  IMsgAttachment *attachment = IMSG_ATTACHMENT (self->object);
  gpointer number = GUINT_TO_POINTER (imsg_attachment_get_number (attachment));
  g_autoptr(GError) error = NULL;

  if (!imsg_attachment_save (attachment, IMSG_SAVE_LAYERED | IMSG_SAVE_KEEP_OPEN_READWRITE, NULL,
                             &error))
    return mapi_object_take_error (self, &error);
  if (g_hash_table_contains (self->parent->hidden, number))
    g_hash_table_add (self->parent->half_saved, number);
  return S_OK;
}

HRESULT
mapi_prop_save_changes (IMAPIProp *iface,
                        ULONG      ulFlags)
{
  MapiObject *self = SELF (iface);
  HRESULT hr = mapi_object_check (self);

  if (FAILED (hr))
    return hr;
  if ((ulFlags & ~(ULONG) SAVE_FLAGS) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("SaveChanges: unknown flags"));
  if ((ulFlags & KEEP_OPEN_READONLY) != 0 && (ulFlags & KEEP_OPEN_READWRITE) != 0)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                             _("SaveChanges: read-only and read/write at once"));
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  if (self->kind == MAPI_KIND_MESSAGE)
    hr = save_message (self, (ulFlags & FORCE_SAVE) != 0);
  else
    hr = save_attachment (self);
  if (SUCCEEDED (hr) && (ulFlags & KEEP_OPEN_READWRITE) == 0)
    self->is_writable = FALSE;
  return hr;
}

/* --- attachments --- */

static HRESULT
check_attach_interface (MapiObject *self,
                        LPCIID      iid)
{
  if (iid == NULL || IsEqualIID (iid, &IID_IAttachment))
    return S_OK;
  return mapi_object_fail (self, MAPI_E_INTERFACE_NOT_SUPPORTED,
                           _("An attachment is no such thing"));
}

static LPATTACH
adopt_attachment (MapiObject     *self,
                  IMsgAttachment *attachment,
                  gboolean        is_writable)
{
  MapiObject *attach = mapi_object_new (MAPI_KIND_ATTACH, self->tree, self,
                                        IMSG_PROPERTY_OBJECT (attachment), is_writable);

  g_hash_table_insert (self->attachments,
                       GUINT_TO_POINTER (imsg_attachment_get_number (attachment)), attach);
  return (LPATTACH) attach;
}

static HRESULT
message_open_attach (IMessage *iface,
                     ULONG     ulAttachmentNum,
                     LPCIID    lpInterface,
                     ULONG     ulFlags,
                     LPATTACH *lppAttach)
{
  MapiObject *self = SELF (iface);
  gpointer number = GUINT_TO_POINTER (ulAttachmentNum);
  IMsgAttachment *attachment;
  MapiObject *open;
  gboolean writes;
  HRESULT hr = mapi_object_check (self);

  if (lppAttach != NULL)
    *lppAttach = NULL;
  if (FAILED (hr))
    return hr;
  if (lppAttach == NULL)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("OpenAttach: nowhere to put it"));
  hr = check_attach_interface (self, lpInterface);
  if (FAILED (hr))
    return hr;
  if ((ulFlags & ~(ULONG) (MAPI_MODIFY | MAPI_BEST_ACCESS | MAPI_DEFERRED_ERRORS)) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("OpenAttach: unknown flags"));
  open = g_hash_table_lookup (self->attachments, number);
  if (open != NULL)
    {
      UlAddRef (open);
      *lppAttach = (LPATTACH) open;
      return S_OK;
    }
  if ((ulFlags & MAPI_MODIFY) != 0 && !self->is_writable)
    return mapi_object_fail (self, MAPI_E_NO_ACCESS, _("The message was opened for reading"));
  writes = (ulFlags & MAPI_MODIFY) != 0 ||
           ((ulFlags & MAPI_BEST_ACCESS) != 0 && self->is_writable);
  attachment = imsg_message_find_attachment (IMSG_MESSAGE (self->object), ulAttachmentNum);
  if (attachment == NULL)
    return mapi_object_fail (self, MAPI_E_NOT_FOUND, _("There is no attachment of that number"));
  *lppAttach = adopt_attachment (self, attachment, writes);
  return S_OK;
}

static HRESULT
message_create_attach (IMessage *iface,
                       LPCIID    lpInterface,
                       ULONG     ulFlags,
                       ULONG    *lpulAttachmentNum,
                       LPATTACH *lppAttach)
{
  MapiObject *self = SELF (iface);
  g_autoptr(GError) error = NULL;
  IMsgAttachment *attachment;
  ULONG number;
  HRESULT hr = mapi_object_check (self);

  if (lppAttach != NULL)
    *lppAttach = NULL;
  if (FAILED (hr))
    return hr;
  if (lppAttach == NULL || lpulAttachmentNum == NULL)
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER, _("CreateAttach: nowhere to put it"));
  hr = check_attach_interface (self, lpInterface);
  if (FAILED (hr))
    return hr;
  if ((ulFlags & ~(ULONG) MAPI_DEFERRED_ERRORS) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("CreateAttach: unknown flags"));
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  /* Tables must not see it before it was saved. */
  self->is_creating = TRUE;
  attachment = imsg_message_create_attachment (IMSG_MESSAGE (self->object), &error);
  self->is_creating = FALSE;
  if (attachment == NULL)
    return mapi_object_take_error (self, &error);
  number = imsg_attachment_get_number (attachment);
  g_hash_table_add (self->hidden, GUINT_TO_POINTER (number));
  *lpulAttachmentNum = number;
  *lppAttach = adopt_attachment (self, attachment, TRUE);
  return S_OK;
}

static HRESULT
message_delete_attach (IMessage       *iface,
                       ULONG           ulAttachmentNum,
                       ULONG_PTR       ulUIParam,
                       LPMAPIPROGRESS  lpProgress,
                       ULONG           ulFlags)
{
  MapiObject *self = SELF (iface);
  gpointer number = GUINT_TO_POINTER (ulAttachmentNum);
  g_autoptr(GError) error = NULL;
  MapiObject *open;
  HRESULT hr = mapi_object_check (self);

  if (FAILED (hr))
    return hr;
  if ((ulFlags & ~ATTACH_DIALOG) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("DeleteAttach: unknown flags"));
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  /* Sinks that hear of it may release the attachment. */
  open = g_hash_table_lookup (self->attachments, number);
  UlAddRef (open);
  if (!imsg_message_delete_attachment (IMSG_MESSAGE (self->object), ulAttachmentNum, &error))
    {
      UlRelease (open);
      return mapi_object_take_error (self, &error);
    }
  g_hash_table_remove (self->attachments, number);
  g_hash_table_remove (self->hidden, number);
  g_hash_table_remove (self->half_saved, number);
  if (open != NULL)
    {
      open->is_deleted = TRUE;
      mapi_object_kill (open, STG_E_REVERTED);
      UlRelease (open);
    }
  return S_OK;
}

gboolean
mapi_message_is_unsaved (MapiObject *self,
                         guint32     number)
{
  gpointer key = GUINT_TO_POINTER (number);

  return g_hash_table_contains (self->hidden, key) &&
         !g_hash_table_contains (self->half_saved, key);
}

void
mapi_message_sweep_attachments (MapiObject *self)
{
  GHashTableIter iter;
  gpointer number, item;

  g_hash_table_iter_init (&iter, self->attachments);
  while (g_hash_table_iter_next (&iter, &number, &item))
    {
      MapiObject *open = item;
      g_autoptr(IMsgAttachment) attachment =
        imsg_message_find_attachment (IMSG_MESSAGE (self->object), GPOINTER_TO_UINT (number));

      if (attachment != NULL)
        continue;
      g_hash_table_iter_remove (&iter);
      g_hash_table_remove (self->hidden, number);
      g_hash_table_remove (self->half_saved, number);
      open->is_deleted = TRUE;
      mapi_object_kill (open, STG_E_REVERTED);
    }
}

/* --- tables, flags --- */

static HRESULT
message_get_attachment_table (IMessage    *iface,
                              ULONG        ulFlags,
                              LPMAPITABLE *lppTable)
{
  return mapi_message_get_table (SELF (iface), FALSE, ulFlags, lppTable);
}

static HRESULT
message_get_recipient_table (IMessage    *iface,
                             ULONG        ulFlags,
                             LPMAPITABLE *lppTable)
{
  return mapi_message_get_table (SELF (iface), TRUE, ulFlags, lppTable);
}

static HRESULT
message_submit (IMessage *iface,
                ULONG     ulFlags)
{
  HRESULT hr = mapi_object_check (SELF (iface));

  return FAILED (hr) ? hr : mapi_object_fail (SELF (iface), MAPI_E_NO_SUPPORT,
                                              _("A message on a storage cannot be sent"));
}

static HRESULT
message_set_read_flag (IMessage *iface,
                       ULONG     ulFlags)
{
  MapiObject *self = SELF (iface);
  gboolean suppress = (ulFlags & SUPPRESS_RECEIPT) != 0;
  gboolean clear = (ulFlags & CLEAR_READ_FLAG) != 0;
  gboolean generate = (ulFlags & GENERATE_RECEIPT_ONLY) != 0;
  g_autoptr(GError) error = NULL;
  guint32 before, after;
  HRESULT hr = mapi_object_check (self);

  if (FAILED (hr))
    return hr;
  if ((ulFlags & ~(ULONG) READ_FLAGS) != 0)
    return mapi_object_fail (self, MAPI_E_UNKNOWN_FLAGS, _("SetReadFlag: unknown flags"));
  if (clear && (suppress || generate))
    return mapi_object_fail (self, MAPI_E_INVALID_PARAMETER,
                             _("SetReadFlag: flags that exclude one another"));
  hr = mapi_object_check_write (self);
  if (FAILED (hr))
    return hr;
  before = (guint32) imsg_property_object_get_int (self->object, PR_MESSAGE_FLAGS);
  after = before;
  if (clear)
    after &= ~MSGFLAG_READ;
  else if (!generate && (ulFlags & (CLEAR_RN_PENDING | CLEAR_NRN_PENDING)) == 0)
    after |= MSGFLAG_READ;
  if (suppress && !generate)
    after &= ~MSGFLAG_RN_PENDING;
  if ((ulFlags & CLEAR_RN_PENDING) != 0)
    after &= ~MSGFLAG_RN_PENDING;
  if ((ulFlags & CLEAR_NRN_PENDING) != 0)
    after &= ~MSGFLAG_NRN_PENDING;
  if (after != before &&
      !imsg_property_object_set_value (self->object, PR_MESSAGE_FLAGS,
                                       g_variant_new_int32 ((gint32) after), &error))
    return mapi_object_take_error (self, &error);
  if (suppress && generate &&
      imsg_property_object_has_value (self->object, PR_READ_RECEIPT_REQUESTED) &&
      !imsg_property_object_set_boolean (self->object, PR_READ_RECEIPT_REQUESTED, FALSE, &error))
    return mapi_object_take_error (self, &error);
  return save_message (self, FALSE);
}

/* --- the tables of functions --- */

/* IMessageVtbl with its first part taken from IMAPIProp's: the same slots in the same order */
typedef struct
{
  IMAPIPropVtbl prop;
  HRESULT     (*get_attachment_table) (IMessage *, ULONG, LPMAPITABLE *);
  HRESULT     (*open_attach)          (IMessage *, ULONG, LPCIID, ULONG, LPATTACH *);
  HRESULT     (*create_attach)        (IMessage *, LPCIID, ULONG, ULONG *, LPATTACH *);
  HRESULT     (*delete_attach)        (IMessage *, ULONG, ULONG_PTR, LPMAPIPROGRESS, ULONG);
  HRESULT     (*get_recipient_table)  (IMessage *, ULONG, LPMAPITABLE *);
  HRESULT     (*modify_recipients)    (IMessage *, ULONG, LPADRLIST);
  HRESULT     (*submit_message)       (IMessage *, ULONG);
  HRESULT     (*set_read_flag)        (IMessage *, ULONG);
} MessageVtbl;

G_STATIC_ASSERT (sizeof (MessageVtbl) == sizeof (IMessageVtbl));
G_STATIC_ASSERT (offsetof (MessageVtbl, modify_recipients) ==
                 offsetof (IMessageVtbl, ModifyRecipients));
G_STATIC_ASSERT (sizeof (IMAPIPropVtbl) == sizeof (IAttachVtbl));

static MessageVtbl message_vtbl = {
  .get_attachment_table = message_get_attachment_table,
  .open_attach = message_open_attach,
  .create_attach = message_create_attach,
  .delete_attach = message_delete_attach,
  .get_recipient_table = message_get_recipient_table,
  .modify_recipients = mapi_message_modify_recipients,
  .submit_message = message_submit,
  .set_read_flag = message_set_read_flag,
};
static IMAPIPropVtbl attach_vtbl;
static gsize vtbls_ready;

static void
ensure_vtbls (void)
{
  if (g_once_init_enter (&vtbls_ready))
    {
      message_vtbl.prop = mapi_prop_methods;
      attach_vtbl = mapi_prop_methods;
      g_once_init_leave (&vtbls_ready, 1);
    }
}

gconstpointer
mapi_message_get_vtbl (void)
{
  ensure_vtbls ();
  return &message_vtbl;
}

gconstpointer
mapi_attach_get_vtbl (void)
{
  ensure_vtbls ();
  return &attach_vtbl;
}

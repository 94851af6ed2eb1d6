/* imsg-message-recipients.c - the recipients of a message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* "__recip_version1.0_#" and eight digits; names of attachments are longer, others mostly shorter */
#define RECIPIENT_NAME_UNITS 28

/* What one walk over the storage of a message finds. */
typedef struct
{
  IMsgMessage *message;
  GArray      *recipients; /* (element-type IMsgObjectSlot) */
  GArray      *attachments;
} ListWalk;

static gboolean
add_member (const char           *name,
            IMsgStorageEntryKind  kind,
            guint64               n_bytes,
            gpointer              user_data)
{
  ListWalk *walk = user_data;
  IMsgObjectSlot slot = { 0 };
  guint32 tag;
  GArray *slots;

  switch (_imsg_element_parse_name (name, &tag, &slot.index))
    {
    case IMSG_ELEMENT_RECIPIENT:
      slots = walk->recipients;
      break;
    case IMSG_ELEMENT_ATTACHMENT:
      slots = walk->attachments;
      break;
    case IMSG_ELEMENT_FOREIGN:
    case IMSG_ELEMENT_PROPERTIES:
    case IMSG_ELEMENT_SUBSTG:
    case IMSG_ELEMENT_SUBSTG_VALUE:
    case IMSG_ELEMENT_NAMEID:
    default:
      return TRUE;
    }
  if (kind != IMSG_STORAGE_ENTRY_STORAGE)
    {
      g_autofree char *path =
        _imsg_property_object_dup_path (IMSG_PROPERTY_OBJECT (walk->message));

      _imsg_message_add_problem (walk->message,
                                 _imsg_problem_new (path, IMSG_ERROR_CORRUPT_DATA,
                                                    _("%s is a stream, not a storage"), name));
      return TRUE;
    }
  slot.number = slot.index;
  slot.wanted = slot.index;
  slot.is_stored = TRUE;
  g_array_append_val (slots, slot);
  return TRUE;
}

static int
compare_slots (gconstpointer a,
               gconstpointer b)
{
  const IMsgObjectSlot *left = a;
  const IMsgObjectSlot *right = b;

  return left->index < right->index ? -1 : left->index > right->index;
}

/* Two storages of one name cannot be told apart: only the first is reached by it. */
static void
drop_repeated (GArray *slots)
{
  guint n_kept = 0;

  for (guint i = 0; i < slots->len; i++)
    {
      const IMsgObjectSlot *slot = &g_array_index (slots, IMsgObjectSlot, i);

      if (n_kept == 0 ||
          g_array_index (slots, IMsgObjectSlot, n_kept - 1).index != slot->index)
        g_array_index (slots, IMsgObjectSlot, n_kept++) = *slot;
    }
  g_array_set_size (slots, n_kept);
}

/* Sorts, and keeps to the limit; a count in the header that says otherwise is a problem. Gives the
 * first index that is free, and how many are left aside. */
static guint32
finish_slots (IMsgMessage *self,
              GArray      *slots,
              IMsgLimit    limit,
              guint32      n_promised,
              guint       *n_aside)
{
  guint64 most = _imsg_message_get_limits (self)->values[limit];
  guint32 next;
  g_autofree char *path = NULL;

  g_array_sort (slots, compare_slots);
  drop_repeated (slots);
  next = slots->len > 0 ? g_array_index (slots, IMsgObjectSlot, slots->len - 1).index + 1 : 0;
  *n_aside = slots->len > most ? slots->len - (guint) most : 0;
  for (guint i = 0; i < slots->len; i++)
    g_array_index (slots, IMsgObjectSlot, i).place = i;
  if ((self->is_new || slots->len == n_promised) && slots->len <= most)
    return next;
  path = _imsg_property_object_dup_path (IMSG_PROPERTY_OBJECT (self));
  if (!self->is_new && slots->len != n_promised)
    _imsg_message_add_problem (
      self,
      _imsg_problem_new (path, IMSG_ERROR_CORRUPT_DATA,
                         limit == IMSG_LIMIT_RECIPIENTS
                           ? g_dngettext (GETTEXT_PACKAGE,
                                          "The property stream counts %u recipient, the storage "
                                            "has %u",
                                          "The property stream counts %u recipients, the storage "
                                            "has %u",
                                          n_promised)
                           : g_dngettext (GETTEXT_PACKAGE,
                                          "The property stream counts %u attachment, the storage "
                                            "has %u",
                                          "The property stream counts %u attachments, the storage "
                                            "has %u",
                                          n_promised),
                         n_promised, slots->len));
  if (slots->len > most)
    {
      _imsg_message_add_problem (
        self,
        _imsg_problem_new (path, IMSG_ERROR_TOO_BIG,
                           limit == IMSG_LIMIT_RECIPIENTS
                             ? g_dngettext (GETTEXT_PACKAGE,
                                            "There is %u recipient; those after the first %" PRIu64
                                              " are left aside",
                                            "There are %u recipients; those after the first "
                                              "%" PRIu64 " are left aside",
                                            slots->len)
                             : g_dngettext (GETTEXT_PACKAGE,
                                            "There is %u attachment; those after the first "
                                              "%" PRIu64 " are left aside",
                                            "There are %u attachments; those after the first "
                                              "%" PRIu64 " are left aside",
                                            slots->len),
                           slots->len, most));
      g_array_set_size (slots, (guint) most);
    }
  return next;
}

void
_imsg_message_ensure_lists (IMsgMessage *self)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (self);
  ListWalk walk;

  if (self->recipients != NULL)
    return;
  walk.recipients = g_array_new (FALSE, FALSE, sizeof (IMsgObjectSlot));
  walk.attachments = g_array_new (FALSE, FALSE, sizeof (IMsgObjectSlot));
  walk.message = self;
  if (object->storage != NULL && !object->is_closed)
    {
      _imsg_storage_foreach (object->storage, RECIPIENT_NAME_UNITS, add_member, &walk);
      self->next_row_id =
        finish_slots (self, walk.recipients, IMSG_LIMIT_RECIPIENTS, object->counts.n_recipients,
                      &self->n_recipients_aside);
      self->next_attachment =
        finish_slots (self, walk.attachments, IMSG_LIMIT_ATTACHMENTS, object->counts.n_attachments,
                      &self->n_attachments_aside);
    }
  self->recipients = _imsg_object_list_new (IMSG_TYPE_RECIPIENT, self, _imsg_recipient_make,
                                            walk.recipients);
  self->attachments = _imsg_object_list_new (IMSG_TYPE_ATTACHMENT, self, _imsg_attachment_make,
                                             walk.attachments);
  /* A number once given is not given again, unless the header's word for it is absurd */
  if (object->counts.next_attachment_id > self->next_attachment &&
      object->counts.next_attachment_id < 0x10000)
    self->next_attachment = object->counts.next_attachment_id;
}

/**
 * imsg_message_get_recipients:
 * @self: a message
 *
 * Gets the list of its recipients, in the order of the file.
 *
 * The items are made when they are asked for: the list of a message with thousands costs little.
 * Source: `IMessage::GetRecipientTable`; [MS-OXMSG] 2.2.1.
 *
 * Returns: (transfer none): a list of [class@IMsg.Recipient]; empty once @self is closed
 * Since: 1.0
 */
GListModel *
imsg_message_get_recipients (IMsgMessage *self)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  _imsg_message_ensure_lists (self);
  return G_LIST_MODEL (self->recipients);
}

static gboolean
check_room (IMsgMessage  *self,
            GError      **error)
{
  guint64 most = _imsg_message_get_limits (self)->values[IMSG_LIMIT_RECIPIENTS];

  if (_imsg_object_list_get_length (self->recipients) < most)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
               g_dngettext (GETTEXT_PACKAGE,
                            "A message cannot have more than %" PRIu64 " recipient",
                            "A message cannot have more than %" PRIu64 " recipients",
                            most),
               most);
  return FALSE;
}

static IMsgRecipient *
make_recipient (IMsgMessage  *self,
                GError      **error)
{
  IMsgObjectSlot slot = { 0 };
  IMsgPropertyObject *recipient;

  if (!_imsg_property_object_check_writable (IMSG_PROPERTY_OBJECT (self), error))
    return NULL;
  _imsg_message_ensure_lists (self);
  if (!check_room (self, error))
    return NULL;
  slot.number = _imsg_object_list_find_free (self->recipients, self->next_row_id);
  recipient = _imsg_recipient_make (self, &slot);
  _imsg_property_object_take_entries (recipient, NULL, NULL);
  return IMSG_RECIPIENT (recipient);
}

static void
append_recipient (IMsgMessage   *self,
                  IMsgRecipient *recipient)
{
  IMsgObjectSlot slot = { 0 };

  slot.number = recipient->row_id;
  slot.index = slot.number;
  /* A save under way has not numbered it: nobody else may get its storage */
  slot.wanted = slot.index;
  slot.object = g_object_ref (IMSG_PROPERTY_OBJECT (recipient));
  self->next_row_id = slot.number + 1;
  self->recipients_touched = TRUE;
  _imsg_object_list_append (self->recipients, &slot);
  _imsg_message_structure_changed (self);
}

/**
 * imsg_message_add_recipient:
 * @self: a message
 * @type: what kind of recipient
 * @name: (nullable): the name people see; %NULL for the address
 * @address: (nullable): an Internet address, or another with its type before it (`FAX:1234`);
 *   %NULL for somebody who is not resolved
 * @error: return location for an error
 *
 * Adds a recipient at the end.
 *
 * It gets all that Outlook expects of one: type, names, address, a one-off entry id, a search key.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when @self is read-only, %IMSG_ERROR_INVALID_PARAMETER without
 * name and address, %IMSG_ERROR_TOO_BIG over the limit, %IMSG_ERROR_BAD_CHARWIDTH when the code
 * page of an 8-bit message has no place for a character, %IMSG_ERROR_CLOSED once @self is closed.
 * Source: `IMessage::ModifyRecipients` with `MODRECIP_ADD`; [MS-OXMSG] 2.2.1.
 *
 * Returns: (transfer full): the recipient
 * Since: 1.0
 */
IMsgRecipient *
imsg_message_add_recipient (IMsgMessage        *self,
                            IMsgRecipientType   type,
                            const char         *name,
                            const char         *address,
                            GError            **error)
{
  g_autoptr(IMsgRecipient) recipient = NULL;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (name == NULL || g_utf8_validate (name, -1, NULL), NULL);
  g_return_val_if_fail (address == NULL || g_utf8_validate (address, -1, NULL), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (name == NULL && address == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("A recipient needs a name or an address"));
      return NULL;
    }
  recipient = make_recipient (self, error);
  if (recipient == NULL)
    return NULL;
  if (!_imsg_recipient_init_new (recipient, type, name, address, recipient->row_id, error))
    {
      _imsg_property_object_close (IMSG_PROPERTY_OBJECT (recipient));
      return NULL;
    }
  append_recipient (self, recipient);
  return g_steal_pointer (&recipient);
}

IMsgRecipient *
_imsg_message_add_empty_recipient (IMsgMessage  *self,
                                   GError      **error)
{
  IMsgRecipient *recipient = make_recipient (self, error);

  if (recipient == NULL)
    return NULL;
  _imsg_property_object_put_long (IMSG_PROPERTY_OBJECT (recipient), IMSG_PR_ROWID,
                                  recipient->row_id, 0, NULL);
  append_recipient (self, recipient);
  return recipient;
}

/**
 * imsg_message_create_recipient:
 * @self: a message
 * @error: return location for an error
 *
 * Adds a recipient with no properties but its row id, for who sets them one by one.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when @self is read-only, %IMSG_ERROR_TOO_BIG over the limit of
 * recipients, %IMSG_ERROR_CLOSED once @self is closed. Source: `IMessage::ModifyRecipients`.
 *
 * Returns: (transfer full): the recipient
 * Since: 1.0
 */
IMsgRecipient *
imsg_message_create_recipient (IMsgMessage  *self,
                               GError      **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return _imsg_message_add_empty_recipient (self, error);
}

static gboolean
find_recipient (IMsgMessage  *self,
                guint32       row_id,
                guint        *position,
                GError      **error)
{
  if (!_imsg_property_object_check_writable (IMSG_PROPERTY_OBJECT (self), error))
    return FALSE;
  _imsg_message_ensure_lists (self);
  if (_imsg_object_list_find (self->recipients, row_id, position))
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND, _("There is no recipient row %u"), row_id);
  return FALSE;
}

static void
remove_at (IMsgMessage *self,
           guint        position)
{
  if (position + 1 < _imsg_object_list_get_length (self->recipients))
    self->recipients_reordered = TRUE;
  self->recipients_touched = TRUE;
  _imsg_message_take_removed (self, self->recipients, position);
}

/**
 * imsg_message_remove_recipient:
 * @self: a message
 * @row_id: the row id of a recipient
 * @error: return location for an error
 *
 * Removes a recipient.
 *
 * The object stays valid and answers with %IMSG_ERROR_OBJECT_DELETED. Row ids of the others stay
 * what they are while the message is open.
 *
 * Fails with %IMSG_ERROR_NOT_FOUND, %IMSG_ERROR_NO_ACCESS when @self is read-only,
 * %IMSG_ERROR_CLOSED once it is closed. Source: `IMessage::ModifyRecipients` with
 * `MODRECIP_REMOVE`.
 *
 * Returns: whether it was removed
 * Since: 1.0
 */
gboolean
imsg_message_remove_recipient (IMsgMessage  *self,
                               guint32       row_id,
                               GError      **error)
{
  guint position;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!find_recipient (self, row_id, &position, error))
    return FALSE;
  remove_at (self, position);
  _imsg_message_structure_changed (self);
  return TRUE;
}

/**
 * imsg_message_move_recipient:
 * @self: a message
 * @row_id: the row id of a recipient
 * @position: where to put it; past the end is the end
 * @error: return location for an error
 *
 * Moves a recipient to another place in the list.
 *
 * Fails as [method@IMsg.Message.remove_recipient] does.
 *
 * Returns: whether it was moved
 * Since: 1.0
 */
gboolean
imsg_message_move_recipient (IMsgMessage  *self,
                             guint32       row_id,
                             guint         position,
                             GError      **error)
{
  guint from;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!find_recipient (self, row_id, &from, error))
    return FALSE;
  position = MIN (position, _imsg_object_list_get_length (self->recipients) - 1);
  if (position == from)
    return TRUE;
  self->recipients_reordered = TRUE;
  self->recipients_touched = TRUE;
  _imsg_object_list_move (self->recipients, from, position);
  _imsg_message_structure_changed (self);
  return TRUE;
}

/* Name and kind of a recipient are in the display lists. */
void
_imsg_message_recipient_changed (IMsgMessage *self,
                                 guint        id)
{
  if (id == IMSG_TAG_ID (IMSG_PR_DISPLAY_NAME) || id == IMSG_TAG_ID (IMSG_PR_RECIPIENT_TYPE) ||
      id == IMSG_TAG_ID (IMSG_PR_EMAIL_ADDRESS))
    {
      self->recipients_touched = TRUE;
      _imsg_property_list_recompute (IMSG_PROPERTY_OBJECT (self)->list);
    }
}

/* All recipients (PR_MESSAGE_RECIPIENTS) or attachments (PR_MESSAGE_ATTACHMENTS) at once. */
gboolean
_imsg_message_delete_all (IMsgMessage  *self,
                          guint         id,
                          GError      **error)
{
  if (!_imsg_property_object_check_writable (IMSG_PROPERTY_OBJECT (self), error))
    return FALSE;
  _imsg_message_ensure_lists (self);
  if (id == IMSG_TAG_ID (IMSG_PR_MESSAGE_RECIPIENTS))
    {
      if (_imsg_object_list_get_length (self->recipients) == 0)
        return TRUE;
      while (_imsg_object_list_get_length (self->recipients) > 0)
        remove_at (self, _imsg_object_list_get_length (self->recipients) - 1);
      _imsg_message_structure_changed (self);
      return TRUE;
    }
  while (_imsg_object_list_get_length (self->attachments) > 0)
    {
      guint last = _imsg_object_list_get_length (self->attachments) - 1;

      if (!imsg_message_delete_attachment (
            self, _imsg_object_list_get_slot (self->attachments, last)->number, error))
        return FALSE;
    }
  return TRUE;
}

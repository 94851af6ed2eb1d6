/* inspector-edit.c - changes of values, as steps that can be undone
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-edit-private.h"

#include "inspector-value.h"
#include "inspector-view.h"

#include <glib/gi18n.h>

IMsgPropertyObject *
inspector_edit_get_subject (gpointer subject)
{
  return subject != NULL ? _inspector_handle_get_object (subject) : NULL;
}

IMsgMessage *
inspector_edit_get_place (gpointer  subject,
                          gboolean *is_recipient)
{
  InspectorHandle *message = NULL;
  IMsgPropertyObject *object = NULL;

  if (subject != NULL)
    message = _inspector_handle_get_place (subject, is_recipient);
  if (message != NULL)
    object = _inspector_handle_get_object (message);
  return object != NULL ? IMSG_MESSAGE (object) : NULL;
}

gboolean
inspector_edit_is_gone (gpointer subject)
{
  gboolean is_recipient = FALSE;
  IMsgPropertyObject *object = inspector_edit_get_subject (subject);

  if (object == NULL)
    object = (IMsgPropertyObject *) inspector_edit_get_place (subject, &is_recipient);
  return object != NULL && imsg_property_object_is_closed (object);
}

static GQuark
saves_quark (void)
{
  return g_quark_from_static_string ("inspector-saves");
}

void
inspector_edit_note_save (IMsgMessage *message)
{
  guint n_saves = GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (message), saves_quark ()));

  g_object_set_qdata (G_OBJECT (message), saves_quark (), GUINT_TO_POINTER (n_saves + 1));
}

/* How often the message that goes into a file, with the object in it, was saved */
static guint
count_saves (IMsgPropertyObject *object)
{
  IMsgMessage *message = inspector_object_get_root (object);

  return message == NULL
           ? 0 : GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (message), saves_quark ()));
}

/* What no other object has or had: a row that comes back is another object, perhaps at the same
 * address */
static guint
get_number (IMsgPropertyObject *object)
{
  static guint n_numbers = 0;
  GQuark quark = g_quark_from_static_string ("inspector-number");
  guint number = GPOINTER_TO_UINT (g_object_get_qdata (G_OBJECT (object), quark));

  if (number == 0)
    {
      number = ++n_numbers;
      g_object_set_qdata (G_OBJECT (object), quark, GUINT_TO_POINTER (number));
    }
  return number;
}

static char *
dup_property_name (IMsgPropertyObject *object,
                   guint32             tag)
{
  g_autoptr(IMsgPropertyName) property_name = NULL;
  const char *name = imsg_property_tag_get_name (tag);

  if (name != NULL)
    return g_strdup (name);
  property_name = imsg_property_object_lookup_name (object, imsg_property_tag_get_id (tag));
  if (property_name != NULL)
    {
      name = imsg_property_name_get_known_name (property_name);
      return name != NULL ? g_strdup (name) : imsg_property_name_to_text (property_name);
    }
  return g_strdup_printf ("0x%08X", tag);
}

/* --- states of a property --- */

typedef struct
{
  guint32                tag;         /* as stored; of an absent one, only the id counts */
  GVariant              *value;       /* NULL when absent */
  GBytes                *bytes;       /* of text that its value does not say whole; or NULL */
  IMsgPropertyAttributes attributes;
  guint                  n_saves;     /* of the message, when it was taken */
  guint                  number;      /* of the object */
  gboolean               is_stored;   /* as the file has it, so that reverting gets it back */
} State;

static void
state_clear (State *state)
{
  g_clear_pointer (&state->value, g_variant_unref);
  g_clear_pointer (&state->bytes, g_bytes_unref);
}

static gboolean
write_bytes (IMsgPropertyObject  *object,
             guint32              tag,
             GBytes              *bytes,
             GError             **error)
{
  g_autoptr(GOutputStream) stream = NULL;
  gsize n_bytes = 0;
  const void *data = g_bytes_get_data (bytes, &n_bytes);

  stream = imsg_property_object_replace_stream (object, tag, NULL, error);
  return stream != NULL &&
         g_output_stream_write_all (stream, data, n_bytes, NULL, NULL, error) &&
         g_output_stream_close (stream, NULL, error);
}

/* (transfer full): the bytes of text that cannot be written again from its value, or NULL */
static GBytes *
take_inexact_bytes (IMsgPropertyObject *object,
                    guint32             tag)
{
  g_autoptr(GBytes) bytes = NULL;
  guint code_page;

  if (!imsg_property_tag_is_text (tag) || imsg_property_tag_is_multi_valued (tag))
    return NULL;
  bytes = imsg_property_object_get_raw (object, tag, NULL);
  code_page = imsg_message_get_code_page (inspector_object_get_message (object));
  if (bytes == NULL ||
      inspector_value_is_text_exact (imsg_property_tag_get_property_type (tag), code_page, bytes))
    return NULL;
  return g_steal_pointer (&bytes);
}

static gboolean
state_take (State               *state,
            IMsgPropertyObject  *object,
            guint32              tag,
            GError             **error)
{
  g_autoptr(IMsgProperty) property = inspector_object_find_property (object, tag);
  g_autoptr(GError) local = NULL;
  guint32 stored = imsg_property_object_find_tag (object, tag);

  state->tag = stored != 0 ? stored : tag;
  state->n_saves = count_saves (object);
  state->number = get_number (object);
  state->is_stored =
    property == NULL ? FALSE : imsg_property_get_origin (property) != IMSG_PROPERTY_ORIGIN_EDITED;
  if (stored == 0)
    return TRUE;

  state->attributes = imsg_property_object_get_attributes (object, stored, NULL);
  state->value = imsg_property_object_get_value (object, stored, &local);
  state->bytes = take_inexact_bytes (object, stored);
  /* What cannot be read can still be brought back by reverting */
  if (state->value == NULL && !state->is_stored)
    {
      g_propagate_error (error, g_steal_pointer (&local));
      return FALSE;
    }
  return TRUE;
}

static gboolean
state_restore (const State         *state,
               IMsgPropertyObject  *object,
               GError             **error)
{
  guint32 present = imsg_property_object_find_tag (object, state->tag);

  /* What a step took writing away from must be written to once more */
  if (present != 0 && !(imsg_property_object_get_attributes (object, present, NULL) &
                        IMSG_PROPERTY_ATTRIBUTES_WRITEABLE))
    imsg_property_object_set_attributes (object, present,
                                         IMSG_PROPERTY_ATTRIBUTES_READABLE |
                                           IMSG_PROPERTY_ATTRIBUTES_WRITEABLE, NULL);
  if (state->is_stored && state->n_saves == count_saves (object) &&
      state->number == get_number (object))
    return imsg_property_object_revert_value (object, state->tag, error);
  if (state->value == NULL)
    return present == 0 || imsg_property_object_delete_value (object, present, error);

  if (present != 0 && present != state->tag &&
      !imsg_property_object_delete_value (object, present, error))
    return FALSE;
  if (!(state->bytes != NULL
          ? write_bytes (object, state->tag, state->bytes, error)
          : imsg_property_object_set_value (object, state->tag, state->value, error)))
    return FALSE;
  return imsg_property_object_set_attributes (object, state->tag, state->attributes, error);
}

static gsize
state_get_size (const State *state)
{
  return (state->value != NULL ? g_variant_get_size (state->value) : 0) +
         (state->bytes != NULL ? g_bytes_get_size (state->bytes) : 0);
}

/* --- steps --- */

typedef struct _Change Change;
typedef gboolean (*ChangeFunc) (Change              *change,
                                IMsgPropertyObject  *object,
                                GError             **error);

/* What apply does is known; what it changes is recorded by comparing before and after */
struct _Change
{
  InspectorHandle *handle;
  ChangeFunc       func;
  GArray          *before;   /* of State */
  GVariant        *value;
  guint32          tag;
  guint32          number;
  char            *text;
  char            *more_text;
};

static void
change_free (gpointer data)
{
  Change *change = data;

  _inspector_handle_unref (change->handle);
  g_clear_pointer (&change->before, g_array_unref);
  g_clear_pointer (&change->value, g_variant_unref);
  g_free (change->text);
  g_free (change->more_text);
  g_free (change);
}

static gboolean
change_apply (gpointer   data,
              GError   **error)
{
  Change *change = data;
  IMsgPropertyObject *object = _inspector_handle_get_object (change->handle);

  return change->func (change, object, error);
}

static gboolean
change_revert (gpointer   data,
               GError   **error)
{
  Change *change = data;
  IMsgPropertyObject *object = _inspector_handle_get_object (change->handle);

  for (guint i = 0; i < change->before->len; i++)
    {
      if (!state_restore (&g_array_index (change->before, State, i), object, error))
        return FALSE;
    }
  return TRUE;
}

/* The older one knows where it came from, the newer one where it went */
static void
change_merge (gpointer older,
              gpointer newer)
{
  Change *change = older;
  Change *latest = newer;
  GVariant *value = change->value;

  change->value = latest->value;
  latest->value = value;
}

static const InspectorStepKind change_kind = { change_apply, change_revert, change_merge,
                                               change_free };

static Change *
change_new (IMsgPropertyObject *object,
            ChangeFunc          func,
            guint32             tag)
{
  Change *change = g_new0 (Change, 1);

  change->handle = _inspector_handle_get (object);
  change->func = func;
  change->tag = tag;
  change->before = g_array_new (FALSE, TRUE, sizeof (State));
  g_array_set_clear_func (change->before, (GDestroyNotify) state_clear);
  return change;
}

/* Takes the change. tags: all that it may touch, ended by 0. */
static gboolean
change_do (InspectorHistory  *history,
           const char        *label,
           Change            *change,
           const guint32     *tags,
           const char        *merge_key,
           GError           **error)
{
  IMsgPropertyObject *object = _inspector_handle_get_object (change->handle);
  gsize n_bytes = sizeof *change + (change->value != NULL ? g_variant_get_size (change->value) : 0);

  for (; *tags != 0; tags++)
    {
      State state = { 0, };

      if (!state_take (&state, object, *tags, error))
        {
          change_free (change);
          return FALSE;
        }
      n_bytes += state_get_size (&state);
      g_array_append_val (change->before, state);
    }
  return inspector_history_do (history, label, &change_kind, change, change->handle, change->tag,
                               merge_key, n_bytes, error);
}

static gboolean
apply_value (Change              *change,
             IMsgPropertyObject  *object,
             GError             **error)
{
  return imsg_property_object_set_value (object, change->tag, change->value, error);
}

gboolean
inspector_edit_set_value (InspectorHistory    *history,
                          IMsgPropertyObject  *object,
                          guint32              tag,
                          GVariant            *value,
                          GError             **error)
{
  g_autofree char *name = dup_property_name (object, tag);
  g_autofree char *label = g_strdup_printf (_("Change %s"), name);
  g_autofree char *merge_key = g_strdup_printf ("%p:%08X", (void *) object, tag);
  guint32 tags[] = { tag, 0 };
  Change *change = change_new (object, apply_value, tag);

  change->value = g_variant_ref_sink (value);
  return change_do (history, label, change, tags, merge_key, error);
}

static gboolean
apply_text_bytes (Change              *change,
                  IMsgPropertyObject  *object,
                  GError             **error)
{
  g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes (change->value);

  return write_bytes (object, change->tag, bytes, error);
}

/* Text as the bytes it is to be stored as, whether they can be decoded or not */
gboolean
inspector_edit_set_text_bytes (InspectorHistory    *history,
                               IMsgPropertyObject  *object,
                               guint32              tag,
                               GBytes              *bytes,
                               GError             **error)
{
  g_autofree char *name = dup_property_name (object, tag);
  g_autofree char *label = g_strdup_printf (_("Change the bytes of %s"), name);
  guint32 tags[] = { tag, 0 };
  Change *change = change_new (object, apply_text_bytes, tag);

  change->value = g_variant_ref_sink (g_variant_new_from_bytes (G_VARIANT_TYPE_BYTESTRING, bytes,
                                                                TRUE));
  return change_do (history, label, change, tags, NULL, error);
}

static gboolean
apply_delete (Change              *change,
              IMsgPropertyObject  *object,
              GError             **error)
{
  return imsg_property_object_delete_value (object, change->tag, error);
}

gboolean
inspector_edit_delete_value (InspectorHistory    *history,
                             IMsgPropertyObject  *object,
                             guint32              tag,
                             GError             **error)
{
  g_autofree char *name = dup_property_name (object, tag);
  g_autofree char *label = g_strdup_printf (_("Remove %s"), name);
  guint32 tags[] = { tag, 0 };

  return change_do (history, label, change_new (object, apply_delete, tag), tags, NULL, error);
}

static gboolean
apply_revert (Change              *change,
              IMsgPropertyObject  *object,
              GError             **error)
{
  return imsg_property_object_revert_value (object, change->tag, error);
}

/* Back to what the file has */
gboolean
inspector_edit_revert_value (InspectorHistory    *history,
                             IMsgPropertyObject  *object,
                             guint32              tag,
                             GError             **error)
{
  g_autofree char *name = dup_property_name (object, tag);
  g_autofree char *label = g_strdup_printf (_("Revert %s"), name);
  guint32 tags[] = { tag, 0 };

  return change_do (history, label, change_new (object, apply_revert, tag), tags, NULL, error);
}

/* Every change of the object that is not saved, as one step */
gboolean
inspector_edit_revert_all (InspectorHistory    *history,
                           IMsgPropertyObject  *object,
                           GError             **error)
{
  GListModel *list = imsg_property_object_get_properties (object);
  g_autoptr(GArray) tags = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, i);
      guint32 tag = imsg_property_get_tag (property);

      if (imsg_property_get_origin (property) == IMSG_PROPERTY_ORIGIN_EDITED)
        g_array_append_val (tags, tag);
    }
  inspector_history_begin_group (history, _("Revert all properties"));
  for (guint i = 0; i < tags->len; i++)
    {
      if (!inspector_edit_revert_value (history, object, g_array_index (tags, guint32, i), error))
        {
          inspector_history_cancel_group (history);
          return FALSE;
        }
    }
  inspector_history_end_group (history);
  return TRUE;
}

static gboolean
apply_attributes (Change              *change,
                  IMsgPropertyObject  *object,
                  GError             **error)
{
  return imsg_property_object_set_attributes (object, change->tag, change->number, error);
}

gboolean
inspector_edit_set_attributes (InspectorHistory        *history,
                               IMsgPropertyObject      *object,
                               guint32                  tag,
                               IMsgPropertyAttributes   attributes,
                               GError                 **error)
{
  g_autofree char *name = dup_property_name (object, tag);
  g_autofree char *label = g_strdup_printf (_("Change the attributes of %s"), name);
  guint32 tags[] = { tag, 0 };
  Change *change = change_new (object, apply_attributes, tag);

  change->number = attributes;
  return change_do (history, label, change, tags, NULL, error);
}

static gboolean
apply_subject (Change              *change,
               IMsgPropertyObject  *object,
               GError             **error)
{
  return imsg_message_set_subject (IMSG_MESSAGE (object), change->text, error);
}

gboolean
inspector_edit_set_subject (InspectorHistory  *history,
                            IMsgMessage       *message,
                            const char        *subject,
                            GError           **error)
{
  static const guint32 tags[] = { IMSG_PR_SUBJECT, IMSG_PR_SUBJECT_PREFIX,
                                  IMSG_PR_NORMALIZED_SUBJECT, IMSG_PR_CONVERSATION_TOPIC, 0 };
  Change *change = change_new (IMSG_PROPERTY_OBJECT (message), apply_subject, IMSG_PR_SUBJECT);

  change->text = g_strdup (subject);
  return change_do (history, _("Change the subject"), change, tags, NULL, error);
}

/* What stands for the recipient in the address book or, in a one-off, its name and address */
static gboolean
is_one_off (IMsgRecipient *recipient)
{
  static const guint8 uid[] = { 0x81, 0x2B, 0x1F, 0xA4, 0xBE, 0xA3, 0x10, 0x19,
                                0x9D, 0x6E, 0x00, 0xDD, 0x01, 0x0F, 0x54, 0x02 };
  g_autoptr(GBytes) entry_id = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (recipient),
                                                               IMSG_PR_ENTRYID);
  gsize n_bytes = 0;
  const guint8 *data = entry_id != NULL ? g_bytes_get_data (entry_id, &n_bytes) : NULL;

  return n_bytes >= 4 + sizeof uid && memcmp (data + 4, uid, sizeof uid) == 0;
}

/* (transfer full): the address with its type before it, as it can be set again */
static char *
dup_typed_address (IMsgRecipient *recipient)
{
  const char *address = imsg_recipient_get_address (recipient);
  const char *type = imsg_recipient_get_address_type (recipient);
  g_autofree char *smtp = imsg_property_object_get_string (IMSG_PROPERTY_OBJECT (recipient),
                                                           IMSG_PR_SMTP_ADDRESS);
  g_autofree char *upper = NULL;

  if (type == NULL || *type == '\0' || g_ascii_strcasecmp (type, "SMTP") == 0 ||
      (smtp != NULL && *smtp != '\0'))
    return g_strdup (address);
  upper = g_ascii_strup (type, -1);
  return g_strconcat (upper, ":", address, NULL);
}

/* The name alone: what says where to send stays as it is */
static gboolean
set_recipient_name (IMsgRecipient  *recipient,
                    const char     *name,
                    GError        **error)
{
  static const guint32 copies[] = { IMSG_PR_TRANSMITABLE_DISPLAY_NAME,
                                    IMSG_PR_RECIPIENT_DISPLAY_NAME };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);

  if (!imsg_property_object_set_string (object, IMSG_PR_DISPLAY_NAME, name, error))
    return FALSE;
  for (guint i = 0; i < G_N_ELEMENTS (copies); i++)
    {
      if (imsg_property_object_has_value (object, copies[i]) &&
          !imsg_property_object_set_string (object, copies[i], name, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
drop_recipient_address (IMsgRecipient  *recipient,
                        GError        **error)
{
  static const guint32 tags[] = { IMSG_PR_EMAIL_ADDRESS, IMSG_PR_ADDRTYPE, IMSG_PR_SMTP_ADDRESS,
                                  IMSG_PR_ENTRYID, IMSG_PR_SEARCH_KEY,
                                  IMSG_PR_RECIPIENT_ENTRYID };
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);

  for (guint i = 0; i < G_N_ELEMENTS (tags); i++)
    {
      if (imsg_property_object_has_value (object, tags[i]) &&
          !imsg_property_object_delete_value (object, tags[i], error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
is_same_text (const char *a,
              const char *b)
{
  return g_strcmp0 (a != NULL ? a : "", b != NULL ? b : "") == 0;
}

static gboolean
apply_recipient (Change              *change,
                 IMsgPropertyObject  *object,
                 GError             **error)
{
  IMsgRecipient *recipient = IMSG_RECIPIENT (object);
  const char *name = change->text != NULL ? change->text : "";
  const char *address = change->more_text != NULL ? change->more_text : "";
  gboolean is_same_address = is_same_text (address, imsg_recipient_get_address (recipient));
  g_autofree char *typed = NULL;

  if (change->number != imsg_recipient_get_recipient_type (recipient) &&
      !imsg_recipient_set_recipient_type (recipient, change->number, error))
    return FALSE;
  if (!is_same_address && *address != '\0')
    return imsg_recipient_set_address (recipient, name, address, error);
  if (!is_same_address && !drop_recipient_address (recipient, error))
    return FALSE;
  if (is_same_text (name, imsg_recipient_get_name (recipient)))
    return TRUE;

  /* A one-off entry id holds the name too */
  if (is_same_address && *address != '\0' && is_one_off (recipient))
    {
      typed = dup_typed_address (recipient);
      return imsg_recipient_set_address (recipient, name, typed, error);
    }
  return set_recipient_name (recipient, *name != '\0' ? name : address, error);
}

static gboolean
apply_resolve (Change              *change,
               IMsgPropertyObject  *object,
               GError             **error)
{
  return imsg_recipient_set_address (IMSG_RECIPIENT (object), change->text, change->more_text,
                                     error);
}

/* All that setting the address of a recipient may touch */
static const guint32 recipient_tags[] = {
  IMSG_PR_RECIPIENT_TYPE, IMSG_PR_DISPLAY_NAME, IMSG_PR_EMAIL_ADDRESS, IMSG_PR_ADDRTYPE,
  IMSG_PR_SMTP_ADDRESS, IMSG_PR_ENTRYID, IMSG_PR_SEARCH_KEY, IMSG_PR_RECORD_KEY,
  IMSG_PR_TRANSMITABLE_DISPLAY_NAME, IMSG_PR_RECIPIENT_DISPLAY_NAME, IMSG_PR_RECIPIENT_ENTRYID, 0
};

/* Writes what identifies the recipient, which has an address, anew from its name and address */
gboolean
inspector_edit_resolve_recipient (InspectorHistory  *history,
                                  IMsgRecipient     *recipient,
                                  GError           **error)
{
  Change *change = change_new (IMSG_PROPERTY_OBJECT (recipient), apply_resolve, 0);
  const char *name = imsg_recipient_get_name (recipient);
  g_autofree char *label = NULL;

  label = g_strdup_printf (_("Resolve the recipient “%s”"), name != NULL ? name : "");
  change->text = g_strdup (name);
  change->more_text = dup_typed_address (recipient);
  return change_do (history, label, change, recipient_tags, NULL, error);
}

gboolean
inspector_edit_set_recipient (InspectorHistory   *history,
                              IMsgRecipient      *recipient,
                              IMsgRecipientType   type,
                              const char         *name,
                              const char         *address,
                              GError            **error)
{
  Change *change = change_new (IMSG_PROPERTY_OBJECT (recipient), apply_recipient, 0);
  g_autofree char *label = NULL;

  label = g_strdup_printf (_("Change the recipient “%s”"), name != NULL ? name : "");
  change->number = type;
  change->text = g_strdup (name);
  change->more_text = g_strdup (address);
  return change_do (history, label, change, recipient_tags, NULL, error);
}

static gboolean
apply_file_name (Change              *change,
                 IMsgPropertyObject  *object,
                 GError             **error)
{
  return imsg_attachment_set_file_name (IMSG_ATTACHMENT (object), change->text, error);
}

gboolean
inspector_edit_rename_attachment (InspectorHistory  *history,
                                  IMsgAttachment    *attachment,
                                  const char        *file_name,
                                  GError           **error)
{
  static const guint32 tags[] = { IMSG_PR_ATTACH_FILENAME, IMSG_PR_ATTACH_LONG_FILENAME,
                                  IMSG_PR_ATTACH_EXTENSION, IMSG_PR_DISPLAY_NAME, 0 };
  Change *change = change_new (IMSG_PROPERTY_OBJECT (attachment), apply_file_name, 0);
  g_autofree char *label = NULL;

  label = g_strdup_printf (_("Rename the attachment to “%s”"), file_name);
  change->text = g_strdup (file_name);
  return change_do (history, label, change, tags, NULL, error);
}

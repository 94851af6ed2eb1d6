/* imsg-property-copy.c - copying properties, recipients and attachments between objects
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-attachment-private.h"
#include "imsg-property-tags.h"
#include "imsg-recipient-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/**
 * IMsgCopyFlags:
 * @IMSG_COPY_NONE: copy, over what is there
 * @IMSG_COPY_MOVE: delete from the source what was copied (`MAPI_MOVE`)
 * @IMSG_COPY_NO_REPLACE: leave what the destination has (`MAPI_NOREPLACE`)
 *
 * How to copy.
 *
 * Since: 1.0
 */

#define ID(tag) ((guint) ((guint32) (tag) >> 16))

/* One call of copy_to() or copy_properties(). */
typedef struct
{
  IMsgPropertyObject *source;
  IMsgPropertyObject *destination;
  IMsgCopyFlags       flags;
  GPtrArray          *problems; /* (element-type IMsgProblem) (nullable) */
  GCancellable       *cancellable;
  gboolean            is_inner; /* of something inside: problems are those of what it is in */
  guint               index;    /* the place of that in the call, and its tag */
  guint32             tag;
} Copy;

/* Copies what is inside the source. */
typedef gboolean (*CopyInside) (Copy    *copy,
                                GError **error);

static gboolean copy_all (Copy       *copy,
                          GHashTable *excluded,
                          GError    **error);

static void
add_problem (Copy         *copy,
             guint         index,
             guint32       tag,
             const GError *error)
{
  int code = error->domain == IMSG_ERROR ? error->code : IMSG_ERROR_DISK_ERROR;

  if (copy->is_inner && code == IMSG_ERROR_COMPUTED)
    return; /* numbers of rows and the like: the copy has its own */
  if (copy->is_inner)
    {
      index = copy->index;
      tag = copy->tag;
    }
  if (copy->problems != NULL)
    _imsg_problem_list_add (copy->problems,
                            _imsg_problem_new_property (index, tag, (IMsgError) code,
                                                        error->message));
}

/* The tag a property has in the destination: names are looked up there, ids mean nothing. */
static guint32
translate_tag (Copy     *copy,
               guint32   tag,
               GError  **error)
{
  g_autoptr(IMsgPropertyName) name = NULL;
  IMsgNameMap *source_map, *destination_map;
  guint id;

  if (IMSG_TAG_ID (tag) < 0x8000)
    return tag;
  source_map = _imsg_property_object_get_name_map (copy->source);
  destination_map = _imsg_property_object_get_name_map (copy->destination);
  if (source_map == destination_map)
    return tag;
  name = imsg_property_object_lookup_name (copy->source, IMSG_TAG_ID (tag));
  if (name == NULL)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_ID,
                   _("Property id 0x%04X has no name, and would mean nothing there"),
                   IMSG_TAG_ID (tag));
      return 0;
    }
  id = imsg_property_object_resolve_property_name (copy->destination, name, TRUE, error);
  return id != 0 ? IMSG_TAG (IMSG_TAG_TYPE (tag), id) : 0;
}

/* Whether stored text means the same in the destination as it is. */
static gboolean
text_fits (Copy    *copy,
           guint32  tag)
{
  gboolean unicode = (IMSG_TAG_TYPE (tag) & ~IMSG_MULTI_VALUE_FLAG) == IMSG_PROPERTY_TYPE_UNICODE;

  if (imsg_property_object_is_unicode (copy->destination) != unicode)
    return FALSE;
  return unicode || _imsg_property_object_get_code_page (copy->source) ==
                      _imsg_property_object_get_code_page (copy->destination);
}

/* Never in memory. Of a stream that a damaged file has not all of, what there is: were all of it
 * promised, no save of the destination could keep that. */
static gboolean
copy_blob (Copy                    *copy,
           const IMsgPropertySlot  *slot,
           guint32                  tag,
           GError                 **error)
{
  g_autoptr(IMsgBlob) blob = _imsg_property_slot_open (copy->source, slot, error);
  guint64 n_promised, n_readable;

  if (blob == NULL)
    return FALSE;
  n_promised = _imsg_blob_get_size (blob);
  blob = _imsg_blob_clip (g_steal_pointer (&blob));
  n_readable = _imsg_blob_get_size (blob);
  _imsg_property_object_put_blob (copy->destination, tag, blob, slot->attributes);
  if (n_readable == n_promised)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
               g_dngettext (GETTEXT_PACKAGE,
                            "Property 0x%08X: %" PRIu64 " of %" PRIu64 " byte was copied",
                            "Property 0x%08X: %" PRIu64 " of %" PRIu64 " bytes were copied",
                            n_promised),
               slot->tag, n_readable, n_promised);
  return FALSE;
}

/* The bytes as they are where that will do, and never in memory when they are in a stream. */
static gboolean
copy_value (Copy                    *copy,
            const IMsgPropertySlot  *slot,
            guint32                  tag,
            GError                 **error)
{
  IMsgStoredValue value = { 0 };

  if (imsg_property_tag_is_text (tag) && !text_fits (copy, tag))
    {
      g_autoptr(GVariant) text = _imsg_property_object_read_stored (copy->source, slot->tag, error);

      return text != NULL &&
             _imsg_property_object_put (copy->destination, tag, text, slot->attributes, error);
    }
  if (_imsg_type_get_stored_form (IMSG_TAG_TYPE (tag)) == IMSG_STORED_STREAM)
    return copy_blob (copy, slot, tag, error);
  if (!_imsg_property_slot_read (copy->source, slot, &value, error))
    return FALSE;
  value.tag = tag;
  _imsg_property_object_put_stored (copy->destination, &value, slot->attributes);
  _imsg_stored_value_clear (&value);
  return TRUE;
}

/* Damaged files have entries that are no property. */
static gboolean
check_id (guint32   tag,
          GError  **error)
{
  if (IMSG_TAG_ID (tag) != 0 && IMSG_TAG_ID (tag) != 0xFFFF)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNEXPECTED_ID, _("0x%04X is no property id"),
               IMSG_TAG_ID (tag));
  return FALSE;
}

/* Whether what the destination has under its own tag may be written over. */
static gboolean
check_destination (Copy                    *copy,
                   guint32                  tag,
                   const IMsgPropertySlot  *present,
                   GError                 **error)
{
  if (_imsg_property_object_is_computed_id (copy->destination, IMSG_TAG_ID (tag)))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COMPUTED,
                   _("Property 0x%08X is computed in the destination"), tag);
      return FALSE;
    }
  if (_imsg_property_object_is_written (copy->destination, IMSG_TAG_ID (tag)))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   _("Property 0x%08X is being written by a stream"), tag);
      return FALSE;
    }
  if (present != NULL && (present->attributes & IMSG_PROPERTY_ATTRIBUTES_WRITEABLE) == 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_COMPUTED,
                   _("Property 0x%08X is read-only"), present->tag);
      return FALSE;
    }
  return TRUE;
}

/* One property; what goes wrong is a problem, not an error. TRUE when it was copied. */
static gboolean
copy_property (Copy    *copy,
               guint    index,
               guint32  tag)
{
  g_autoptr(GError) error = NULL;
  IMsgPropertySlot slot, present;
  guint32 target;
  gboolean is_present;

  if (!_imsg_property_object_lookup (copy->source, tag, &slot))
    {
      /* Computed, and so it will be there */
      g_set_error (&error, IMSG_ERROR,
                   imsg_property_object_find_tag (copy->source, tag) != 0 ? IMSG_ERROR_COMPUTED
                                                                          : IMSG_ERROR_NOT_FOUND,
                   _("Property 0x%08X is not stored"), tag);
      add_problem (copy, index, tag, error);
      return FALSE;
    }
  target = check_id (slot.tag, &error) ? translate_tag (copy, slot.tag, &error) : 0;
  if (target != 0)
    {
      is_present = _imsg_property_object_lookup (copy->destination,
                                                 IMSG_TAG (0, IMSG_TAG_ID (target)), &present);
      if (is_present && (copy->flags & IMSG_COPY_NO_REPLACE) != 0)
        return FALSE;
      if (check_destination (copy, target, is_present ? &present : NULL, &error) &&
          copy_value (copy, &slot, target, &error))
        return TRUE;
    }
  /* Some damage is a problem of the source already, and no error here. */
  if (error == NULL)
    g_set_error (&error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                 _("Property 0x%08X cannot be copied"), slot.tag);
  add_problem (copy, index, slot.tag, error);
  return FALSE;
}

/* --- what is inside --- */

static gboolean
is_inside (IMsgPropertyObject *object,
           IMsgPropertyObject *around)
{
  IMsgMessage *message = _imsg_property_object_get_message (object);

  while (message != NULL && message->parent != NULL)
    {
      if (IMSG_PROPERTY_OBJECT (message->parent) == around ||
          IMSG_PROPERTY_OBJECT (message->parent->message) == around)
        return TRUE;
      message = message->parent->message;
    }
  return FALSE;
}

/* The copying of something inside, on behalf of the one it is in. */
static Copy
begin_inner (Copy               *copy,
             IMsgPropertyObject *source,
             IMsgPropertyObject *destination)
{
  Copy inner = *copy;

  inner.source = source;
  inner.destination = destination;
  inner.flags = IMSG_COPY_NONE;
  inner.is_inner = TRUE;
  return inner;
}

static gboolean
copy_recipients (Copy    *copy,
                 GError **error)
{
  IMsgMessage *source = IMSG_MESSAGE (copy->source);
  IMsgMessage *destination = IMSG_MESSAGE (copy->destination);
  GListModel *recipients = imsg_message_get_recipients (source);

  if (!_imsg_message_delete_all (destination, ID (IMSG_PR_MESSAGE_RECIPIENTS), error))
    return FALSE;
  /* Who hears of a new one may take away others */
  for (guint i = 0; i < g_list_model_get_n_items (recipients); i++)
    {
      g_autoptr(IMsgPropertyObject) from = g_list_model_get_item (recipients, i);
      g_autoptr(IMsgRecipient) to = _imsg_message_add_empty_recipient (destination, error);
      Copy inner;

      if (to == NULL)
        return FALSE;
      inner = begin_inner (copy, from, IMSG_PROPERTY_OBJECT (to));
      if (!copy_all (&inner, NULL, error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
copy_storage (IMsgAttachment  *source,
              IMsgAttachment  *destination,
              GError         **error)
{
  g_autoptr(IMsgStorage) from = imsg_attachment_open_storage (source, NULL, error);
  g_autoptr(IMsgStorage) to = NULL;

  if (from == NULL)
    return FALSE;
  to = imsg_attachment_create_storage (destination, error);
  return to != NULL && imsg_storage_copy_to (from, to, error);
}

static gboolean
copy_embedded (Copy            *copy,
               IMsgAttachment  *source,
               IMsgAttachment  *destination,
               GError         **error)
{
  g_autoptr(IMsgMessage) from = imsg_attachment_open_message (source, copy->cancellable, error);
  g_autoptr(IMsgMessage) to = NULL;
  Copy inner;

  if (from == NULL)
    return FALSE;
  to = imsg_attachment_create_message (destination, error);
  if (to == NULL)
    return FALSE;
  inner = begin_inner (copy, IMSG_PROPERTY_OBJECT (from), IMSG_PROPERTY_OBJECT (to));
  return copy_all (&inner, NULL, error);
}

/* What a PT_OBJECT property of an attachment holds. */
static gboolean
copy_object (Copy    *copy,
             GError **error)
{
  IMsgAttachment *source = IMSG_ATTACHMENT (copy->source);
  IMsgAttachment *destination = IMSG_ATTACHMENT (copy->destination);

  if (imsg_attachment_get_method (source) == IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    return copy_embedded (copy, source, destination, error);
  return copy_storage (source, destination, error);
}

static gboolean
copy_attachments (Copy    *copy,
                  GError **error)
{
  IMsgMessage *source = IMSG_MESSAGE (copy->source);
  IMsgMessage *destination = IMSG_MESSAGE (copy->destination);
  GListModel *attachments = imsg_message_get_attachments (source);

  if (is_inside (copy->source, copy->destination))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE,
                   _("The attachments of the destination have in them what is to be copied"));
      return FALSE;
    }
  if (!_imsg_message_delete_all (destination, ID (IMSG_PR_MESSAGE_ATTACHMENTS), error))
    return FALSE;
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgPropertyObject) from = g_list_model_get_item (attachments, i);
      g_autoptr(IMsgAttachment) to = imsg_message_create_attachment (destination, error);
      Copy inner;

      if (to == NULL)
        return FALSE;
      inner = begin_inner (copy, from, IMSG_PROPERTY_OBJECT (to));
      if (!copy_all (&inner, NULL, error))
        return FALSE;
    }
  return TRUE;
}

/* What a tag has inside it, and how that is copied; NULL when it is a property like any other. */
static CopyInside
find_inside (Copy    *copy,
             guint32  tag)
{
  if (IMSG_IS_MESSAGE (copy->source) && IMSG_IS_MESSAGE (copy->destination))
    {
      if (IMSG_TAG_ID (tag) == ID (IMSG_PR_MESSAGE_RECIPIENTS))
        return copy_recipients;
      if (IMSG_TAG_ID (tag) == ID (IMSG_PR_MESSAGE_ATTACHMENTS))
        return copy_attachments;
    }
  else if (IMSG_IS_ATTACHMENT (copy->source) && IMSG_IS_ATTACHMENT (copy->destination) &&
           IMSG_TAG_ID (tag) == ID (IMSG_TAG_ATTACH_DATA_OBJECT) &&
           imsg_property_object_find_tag (copy->source, IMSG_TAG (0, IMSG_TAG_ID (tag))) ==
             IMSG_TAG_ATTACH_DATA_OBJECT)
    return copy_object;
  return NULL;
}

/* Whether there is something already where copy_inside would put its copies. */
static gboolean
has_inside (Copy       *copy,
            CopyInside  copy_inside)
{
  GListModel *rows;

  if (copy_inside == copy_object)
    return imsg_property_object_find_tag (copy->destination,
                                          IMSG_TAG (0, ID (IMSG_TAG_ATTACH_DATA_OBJECT))) != 0;
  rows = copy_inside == copy_recipients
           ? imsg_message_get_recipients (IMSG_MESSAGE (copy->destination))
           : imsg_message_get_attachments (IMSG_MESSAGE (copy->destination));
  return g_list_model_get_n_items (rows) > 0;
}

/* A sub-object that cannot be copied is a problem too, unless the whole call is at its end. */
static gboolean
ends_the_call (const GError *error)
{
  return g_error_matches (error, G_IO_ERROR, G_IO_ERROR_CANCELLED) ||
         g_error_matches (error, IMSG_ERROR, IMSG_ERROR_CLOSED) ||
         g_error_matches (error, IMSG_ERROR, IMSG_ERROR_OBJECT_DELETED);
}

static gboolean
copy_one (Copy     *copy,
          guint     index,
          guint32   tag,
          gboolean *copied,
          GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  CopyInside copy_inside = find_inside (copy, tag);
  guint n_problems = copy->problems->len;

  *copied = FALSE;
  if (!_imsg_property_object_check (copy->source, error) ||
      !_imsg_property_object_check (copy->destination, error))
    return FALSE;
  if (!copy->is_inner)
    {
      copy->index = index;
      copy->tag = tag;
    }
  if (g_cancellable_set_error_if_cancelled (copy->cancellable, error))
    return FALSE;
  if (copy_inside == NULL)
    {
      *copied = copy_property (copy, index, tag);
      return TRUE;
    }
  if ((copy->flags & IMSG_COPY_NO_REPLACE) != 0 && has_inside (copy, copy_inside))
    return TRUE;
  if (copy_inside (copy, &local_error))
    {
      /* All of it, or the source keeps what a move would take; a full list tells of nothing more */
      *copied = copy->problems->len == n_problems && n_problems < IMSG_MAX_PROBLEMS;
      return TRUE;
    }
  if (ends_the_call (local_error))
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return FALSE;
    }
  add_problem (copy, index, tag, local_error);
  return TRUE;
}

static void
delete_copied (Copy    *copy,
               guint    index,
               guint32  tag)
{
  g_autoptr(GError) error = NULL;

  if (!imsg_property_object_delete_value (copy->source, tag, &error))
    add_problem (copy, index, tag, error);
}

/* --- the code page --- */

/* Whether the code page of a message follows from a property. */
static gboolean
tells_code_page (guint32 tag)
{
  guint id = IMSG_TAG_ID (tag);

  return id == ID (IMSG_PR_MESSAGE_CODEPAGE) || id == ID (IMSG_PR_MESSAGE_LOCALE_ID) ||
         id == ID (IMSG_PR_INTERNET_CPID);
}

/* Whether a message has nothing yet that another code page would make other text of. */
static gboolean
is_free_of_text (IMsgMessage *message)
{
  g_autoptr(GArray) tags = _imsg_property_object_collect (IMSG_PROPERTY_OBJECT (message), FALSE);

  if (g_list_model_get_n_items (imsg_message_get_recipients (message)) > 0 ||
      g_list_model_get_n_items (imsg_message_get_attachments (message)) > 0)
    return FALSE;
  for (guint i = 0; i < tags->len; i++)
    {
      guint32 tag = g_array_index (tags, guint32, i);
      g_autofree char *text = NULL;

      if (!imsg_property_tag_is_text (tag))
        continue;
      text = _imsg_property_object_read_stored_string (IMSG_PROPERTY_OBJECT (message), tag);
      if (text == NULL || !g_str_is_ascii (text))
        return FALSE;
    }
  return TRUE;
}

/* Writes down the code page of the source where it does not follow from what was copied, so that
 * all of its text has a place. */
static void
adopt_code_page (Copy *copy)
{
  guint code_page = _imsg_property_object_get_code_page (copy->source);

  if (IMSG_IS_MESSAGE (copy->destination) && !imsg_property_object_is_unicode (copy->source) &&
      _imsg_property_object_get_code_page (copy->destination) != code_page &&
      IMSG_MESSAGE (copy->destination)->code_page_override == 0 &&
      is_free_of_text (IMSG_MESSAGE (copy->destination)))
    _imsg_property_object_put_long (copy->destination, IMSG_PR_MESSAGE_CODEPAGE, code_page, 0,
                                    NULL);
}

/* --- all of it --- */

/* Copies what stands in some places of tags, and deletes what has moved. In an 8-bit message what
 * tells the code page comes before the text that is stored in it. */
static gboolean
copy_places (Copy           *copy,
             const guint32  *tags,
             GArray         *places,
             GError        **error)
{
  gboolean is_8_bit = !imsg_property_object_is_unicode (copy->destination);
  gboolean has_page = !is_8_bit;
  g_autoptr(GArray) moved = g_array_new (FALSE, FALSE, sizeof (guint));

  for (guint step = is_8_bit ? 0 : 1; step < 2; step++)
    for (guint i = 0; i < places->len; i++)
      {
        guint place = g_array_index (places, guint, i);
        gboolean copied;

        if (is_8_bit && tells_code_page (tags[place]) != (step == 0))
          continue;
        if (!has_page && imsg_property_tag_is_text (tags[place]))
          {
            adopt_code_page (copy);
            has_page = TRUE;
          }
        if (!copy_one (copy, place, tags[place], &copied, error))
          return FALSE;
        if (copied)
          g_array_append_val (moved, place);
      }
  for (guint i = 0; (copy->flags & IMSG_COPY_MOVE) != 0 && i < moved->len; i++)
    {
      guint place = g_array_index (moved, guint, i);

      delete_copied (copy, place, tags[place]);
    }
  return TRUE;
}

/* Everything but what is excluded by id; the index of a problem is the place in list_tags(). */
static gboolean
copy_all (Copy        *copy,
          GHashTable  *excluded,
          GError     **error)
{
  g_autoptr(GArray) tags = NULL;
  g_autoptr(GArray) places = g_array_new (FALSE, FALSE, sizeof (guint));

  if (!_imsg_property_object_check (copy->source, error) ||
      !_imsg_property_object_load (copy->source, error))
    return FALSE;
  tags = _imsg_property_object_collect (copy->source, TRUE);
  for (guint i = 0; i < tags->len; i++)
    {
      guint32 tag = g_array_index (tags, guint32, i);
      IMsgPropertySlot slot;

      if (excluded != NULL && g_hash_table_contains (excluded, GUINT_TO_POINTER (IMSG_TAG_ID (tag))))
        continue;
      /* What is computed and not stored is nothing to copy, and no problem either. Of text that is
       * stored in both widths the one goes over that is read, for the other has the same id. */
      if (IMSG_TAG_TYPE (tag) == IMSG_PROPERTY_TYPE_OBJECT ||
          (_imsg_property_object_lookup (copy->source, IMSG_TAG (0, IMSG_TAG_ID (tag)), &slot) &&
           slot.tag == tag))
        g_array_append_val (places, i);
    }
  return copy_places (copy, (const guint32 *) tags->data, places, error);
}

/* --- the calls --- */

static gboolean
check_call (Copy           *copy,
            const guint32  *tags,
            gsize           n_tags,
            GError        **error)
{
  if (!_imsg_property_object_check (copy->source, error) ||
      !_imsg_property_object_check_writable (copy->destination, error))
    return FALSE;
  if (copy->source == copy->destination)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_NO_ACCESS,
                   _("An object cannot be copied onto itself"));
      return FALSE;
    }
  if ((copy->flags & ~(guint) (IMSG_COPY_MOVE | IMSG_COPY_NO_REPLACE)) != 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_FLAGS, _("0x%X are no flags for copying"),
                   (guint) copy->flags);
      return FALSE;
    }
  if ((copy->flags & IMSG_COPY_MOVE) != 0 &&
      !_imsg_property_object_check_writable (copy->source, error))
    return FALSE;
  if (G_OBJECT_TYPE (copy->source) != G_OBJECT_TYPE (copy->destination))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INTERFACE_NOT_SUPPORTED,
                   _("An object of type %s cannot be copied to one of type %s"),
                   G_OBJECT_TYPE_NAME (copy->source), G_OBJECT_TYPE_NAME (copy->destination));
      return FALSE;
    }
  for (gsize i = 0; i < n_tags; i++)
    if (tags[i] == IMSG_PROPERTY_TYPE_NULL)
      {
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                     _("PR_NULL names no property to copy"));
        return FALSE;
      }
  if (is_inside (copy->destination, copy->source))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_FOLDER_CYCLE,
                   _("The destination lies inside what is to be copied"));
      return FALSE;
    }
  return TRUE;
}

static void
give_problems (Copy       *copy,
               GPtrArray **problems)
{
  if (problems != NULL && copy->problems->len > 0)
    *problems = copy->problems;
  else
    g_ptr_array_unref (copy->problems);
}

/**
 * imsg_property_object_copy_to:
 * @self: what to copy
 * @destination: an object of the same kind
 * @excluded: (array length=n_excluded) (nullable): tags of what not to copy; only ids count
 * @n_excluded: how many there are
 * @flags: how to copy
 * @cancellable: (nullable): a cancellable
 * @problems: (out) (optional) (nullable) (transfer container) (element-type IMsgProblem): what could not
 *   be copied, with its place in [method@PropertyObject.list_tags]; %NULL when there is nothing
 * @error: return location for an error
 *
 * Copies all properties of an object, and what is inside it.
 *
 * Of a message that is recipients, attachments and embedded messages too, in place of those that
 * are there; `PR_MESSAGE_RECIPIENTS` and `PR_MESSAGE_ATTACHMENTS` exclude them. Properties that
 * the source does not have stay. Named properties are looked up by name. What is computed or
 * read-only in the destination is left out, with %IMSG_ERROR_COMPUTED as its problem; what a move
 * could not copy whole stays in the source. An 8-bit destination without text beyond ASCII takes
 * the code page of an 8-bit source. Of a value that a damaged file
 * has not all of, what there is is copied, with %IMSG_ERROR_CORRUPT_DATA as its problem. Where @self is
 * a message in an attachment of @destination, those attachments stay, with %IMSG_ERROR_FOLDER_CYCLE as
 * the problem. Nothing is saved.
 *
 * Fails with %IMSG_ERROR_NO_ACCESS when the destination is read-only or @self itself,
 * %IMSG_ERROR_INTERFACE_NOT_SUPPORTED when it is of another kind, %IMSG_ERROR_FOLDER_CYCLE when it
 * lies inside @self, %IMSG_ERROR_INVALID_PARAMETER, %IMSG_ERROR_INVALID_FLAGS,
 * %IMSG_ERROR_CLOSED. Source: `IMAPIProp::CopyTo`.
 *
 * Returns: whether it was done, problems or not
 * Since: 1.0
 */
gboolean
imsg_property_object_copy_to (IMsgPropertyObject  *self,
                              IMsgPropertyObject  *destination,
                              const guint32       *excluded,
                              gsize                n_excluded,
                              IMsgCopyFlags        flags,
                              GCancellable        *cancellable,
                              GPtrArray          **problems,
                              GError             **error)
{
  Copy copy = { self, destination, flags, NULL, cancellable, FALSE, 0, 0 };
  g_autoptr(GHashTable) ids = NULL;
  gboolean copied;

  if (problems != NULL)
    *problems = NULL;
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (destination), FALSE);
  g_return_val_if_fail (excluded != NULL || n_excluded == 0, FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (!check_call (&copy, excluded, n_excluded, error))
    return FALSE;
  ids = g_hash_table_new (NULL, NULL);
  for (gsize i = 0; i < n_excluded; i++)
    g_hash_table_add (ids, GUINT_TO_POINTER (IMSG_TAG_ID (excluded[i])));
  copy.problems = _imsg_problem_list_new ();
  copied = copy_all (&copy, ids, error);
  give_problems (&copy, problems);
  return copied;
}

/**
 * imsg_property_object_copy_properties:
 * @self: what to copy from
 * @destination: an object of the same kind
 * @included: (array length=n_included): tags of what to copy
 * @n_included: how many there are, at least one
 * @flags: how to copy
 * @cancellable: (nullable): a cancellable
 * @problems: (out) (optional) (nullable) (transfer container) (element-type IMsgProblem): what could not
 *   be copied, with its place in @included; %NULL when there is nothing
 * @error: return location for an error
 *
 * Copies some properties of an object.
 *
 * Recipients and attachments come along when `PR_MESSAGE_RECIPIENTS` and
 * `PR_MESSAGE_ATTACHMENTS` are in @included. Otherwise as [method@PropertyObject.copy_to].
 *
 * Fails as that does, and with %IMSG_ERROR_INVALID_PARAMETER when @included is empty.
 * Source: `IMAPIProp::CopyProps`.
 *
 * Returns: whether it was done, problems or not
 * Since: 1.0
 */
gboolean
imsg_property_object_copy_properties (IMsgPropertyObject  *self,
                                      IMsgPropertyObject  *destination,
                                      const guint32       *included,
                                      gsize                n_included,
                                      IMsgCopyFlags        flags,
                                      GCancellable        *cancellable,
                                      GPtrArray          **problems,
                                      GError             **error)
{
  Copy copy = { self, destination, flags, NULL, cancellable, FALSE, 0, 0 };
  g_autoptr(GArray) places = NULL;
  gboolean done;

  if (problems != NULL)
    *problems = NULL;
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (self), FALSE);
  g_return_val_if_fail (IMSG_IS_PROPERTY_OBJECT (destination), FALSE);
  g_return_val_if_fail (error == NULL || *error == NULL, FALSE);

  if (included == NULL || n_included == 0)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_INVALID_PARAMETER,
                   _("Nothing was named to be copied"));
      return FALSE;
    }
  if (!check_call (&copy, included, n_included, error))
    return FALSE;
  copy.problems = _imsg_problem_list_new ();
  places = g_array_new (FALSE, FALSE, sizeof (guint));
  for (guint i = 0; i < n_included; i++)
    g_array_append_val (places, i);
  done = copy_places (&copy, included, places, error);
  give_problems (&copy, problems);
  return done;
}

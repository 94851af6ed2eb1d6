/* imsg-vcard-import.c - cards as contacts and distribution lists ([MS-OXVCARD] 2.1.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-message-private.h"
#include "imsg-named-values-private.h"
#include "imsg-property-tags.h"
#include "imsg-vcard-import-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

void
_imsg_card_import_add_loss (IMsgCardImport *import,
                            const char     *where,
                            const char     *format,
                            ...)
{
  g_autofree char *text = NULL;
  va_list arguments;

  va_start (arguments, format);
  text = g_strdup_vprintf (format, arguments);
  va_end (arguments);
  _imsg_message_add_problem (import->message,
                             _imsg_problem_new (where, IMSG_ERROR_NO_SUPPORT, "%s", text));
}

const IMsgContentLine *
_imsg_card_find (const IMsgCard *card,
                 const char     *name)
{
  for (guint i = 0; i < card->lines->len; i++)
    {
      const IMsgContentLine *line = g_ptr_array_index (card->lines, i);

      if (strcmp (line->name, name) == 0)
        return line;
    }
  return NULL;
}

gboolean
_imsg_card_set_text (IMsgMessage  *message,
                     guint32       tag,
                     const char   *text,
                     GError      **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);

  return text == NULL || *text == '\0' || imsg_property_object_has_value (object, tag) ||
         imsg_property_object_set_string (object, tag, text, error);
}

char *
_imsg_card_get_named (IMsgMessage *message,
                      guint32      id)
{
  g_autoptr(IMsgPropertyName) name = imsg_property_name_new_id (IMSG_SET_ADDRESS, id);
  guint property = imsg_property_object_resolve_property_name (IMSG_PROPERTY_OBJECT (message), name,
                                                               FALSE, NULL);

  return property != 0 ? imsg_property_object_get_string (
                           IMSG_PROPERTY_OBJECT (message),
                           imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, property))
                       : NULL;
}

/* Prefix, given, middle and family name, suffix */
static char *
join_names (const IMsgContentLine *line)
{
  static const guint order[] = { 3, 1, 2, 0, 4 };
  g_autoptr(GPtrArray) parts = _imsg_content_line_split_lists (line);
  g_autoptr(GString) name = g_string_new (NULL);

  for (guint i = 0; i < G_N_ELEMENTS (order); i++)
    if (order[i] < parts->len && *(const char *) parts->pdata[order[i]] != '\0')
      {
        if (name->len > 0)
          g_string_append_c (name, ' ');
        g_string_append (name, parts->pdata[order[i]]);
      }
  return g_string_free (g_steal_pointer (&name), FALSE);
}

/* The name that a card is shown by: FN may be absent from vCard 2.1 and damaged cards. */
static char *
find_name (const IMsgCard *card)
{
  static const char *const names[] = { "FN", "N", "NICKNAME", "ORG", "EMAIL", "TEL" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const IMsgContentLine *line = _imsg_card_find (card, names[i]);
      g_autoptr(GPtrArray) parts = line != NULL ? _imsg_content_line_split (line, ';') : NULL;
      g_autofree char *whole = NULL;

      if (parts == NULL)
        continue;
      whole = i == 0   ? _imsg_content_line_dup_text (line)
              : i == 1 ? join_names (line)
                       : g_strdup (parts->pdata[0]);
      if (*whole != '\0' && (i == 1 || *(const char *) parts->pdata[0] != '\0'))
        return g_steal_pointer (&whole);
    }
  return g_strdup ("Contact");
}

static void
card_free (gpointer data)
{
  IMsgCard *card = data;

  g_clear_pointer (&card->labels, g_hash_table_unref);
  g_ptr_array_unref (card->lines);
  g_free (card->name);
  g_free (card);
}

static gboolean
is_bracket (const IMsgContentLine *line,
            const char            *name)
{
  g_autofree char *value = NULL;

  if (strcmp (line->name, name) != 0)
    return FALSE;
  value = g_strstrip (g_strdup (line->value));
  return g_ascii_strcasecmp (value, "VCARD") == 0;
}

static gboolean
is_inner (GPtrArray *lines,
          guint      begin)
{
  return begin > 0 && strcmp (((IMsgContentLine *) lines->pdata[begin - 1])->name, "AGENT") == 0;
}

/* The outermost cards of a stream; one inside another (AGENT) leaves its line only. Any other begins
 * where the one before has lost its end. */
static GPtrArray *
list_cards (GPtrArray *lines)
{
  GPtrArray *cards = g_ptr_array_new_with_free_func (card_free);
  guint depth = 0;

  for (guint i = 0; i < lines->len; i++)
    {
      IMsgContentLine *line = g_ptr_array_index (lines, i);

      if (is_bracket (line, "BEGIN"))
        {
          if (depth == 0 || !is_inner (lines, i))
            {
              IMsgCard *card = g_new0 (IMsgCard, 1);

              if (depth > 0)
                ((IMsgCard *) cards->pdata[cards->len - 1])->is_cut = TRUE;
              card->lines = g_ptr_array_new ();
              g_ptr_array_add (cards, card);
              depth = 0;
            }
          depth++;
        }
      else if (is_bracket (line, "END"))
        depth -= depth > 0;
      else if (depth == 1)
        g_ptr_array_add (((IMsgCard *) cards->pdata[cards->len - 1])->lines, line);
    }
  if (depth > 0)
    ((IMsgCard *) cards->pdata[cards->len - 1])->is_cut = TRUE;
  for (guint i = 0; i < cards->len; i++)
    {
      IMsgCard *card = g_ptr_array_index (cards, i);

      card->name = find_name (card);
      card->mail = _imsg_card_find (card, "EMAIL");
      card->labels = _imsg_card_index_labels (card->lines);
    }
  return cards;
}

char *
_imsg_card_fold_uid (const char *uid)
{
  static const char prefix[] = "urn:uuid:";

  if (g_ascii_strncasecmp (uid, prefix, strlen (prefix)) == 0)
    uid += strlen (prefix);
  return g_ascii_strdown (uid, -1);
}

static GHashTable *
index_cards (GPtrArray *cards)
{
  GHashTable *by_uid = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);

  for (guint i = 0; i < cards->len; i++)
    {
      const IMsgContentLine *uid = _imsg_card_find (g_ptr_array_index (cards, i), "UID");

      if (uid != NULL)
        g_hash_table_insert (by_uid, _imsg_card_fold_uid (uid->value), cards->pdata[i]);
    }
  return by_uid;
}

static gboolean
is_group (const IMsgCard *card)
{
  static const char *const names[] = { "KIND", "X-ADDRESSBOOKSERVER-KIND" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      const IMsgContentLine *line = _imsg_card_find (card, names[i]);

      if (line != NULL && g_ascii_strcasecmp (line->value, "group") == 0)
        return TRUE;
    }
  return FALSE;
}

static IMsgMessage *
import_card (IMsgSession    *session,
             GHashTable     *by_uid,
             const IMsgCard *card,
             GError        **error)
{
  gboolean is_list = is_group (card);
  g_autoptr(IMsgMessage) message =
    imsg_session_create_message (session, is_list ? "IPM.DistList" : "IPM.Contact", error);
  IMsgCardImport import = { message, card, by_uid };

  if (message == NULL)
    return NULL;
  if (!_imsg_message_set_item_times (message, error) ||
      !(is_list ? _imsg_card_import_group (&import, error)
                : _imsg_card_import_contact (&import, error)))
    {
      imsg_message_close (message);
      return NULL;
    }
  if (card->is_cut)
    _imsg_card_import_add_loss (&import, "END", _("The end is missing"));
  return g_steal_pointer (&message);
}

/**
 * imsg_session_import_vcard:
 * @self: a session
 * @stream: cards (.vcf), of version 2.1, 3.0 or 4.0
 * @cancellable: (nullable): cancels it
 * @error: return location for an error
 *
 * Makes a new, unsaved contact from each card, a distribution list from a card that is a group.
 *
 * What a contact cannot carry is among the problems of that message, see
 * [method@IMsg.Message.list_problems].
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when there is no card at all, `IMSG_ERROR_TOO_BIG` past 16 MiB
 * or the limit of parts of @self, `IMSG_ERROR_CLOSED` once @self is closed, a %G_IO_ERROR when
 * reading fails or is cancelled; the messages made before that stay open in @self.
 * Source: [MS-OXVCARD] 2.1.3.
 *
 * Returns: (transfer container) (element-type IMsgMessage): the messages, in the order of their
 *   cards
 * Since: 1.0
 */
GPtrArray *
imsg_session_import_vcard (IMsgSession   *self,
                           GInputStream  *stream,
                           GCancellable  *cancellable,
                           GError       **error)
{
  g_autoptr(GPtrArray) messages = NULL;
  g_autoptr(GPtrArray) lines = NULL;
  g_autoptr(GPtrArray) cards = NULL;
  g_autoptr(GHashTable) by_uid = NULL;
  g_autoptr(GBytes) bytes = NULL;
  guint64 max_messages;

  g_return_val_if_fail (IMSG_IS_SESSION (self), NULL);
  g_return_val_if_fail (G_IS_INPUT_STREAM (stream), NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  bytes = _imsg_content_lines_read (stream, cancellable, error);
  if (bytes == NULL)
    return NULL;
  lines = _imsg_content_lines_parse (bytes);
  cards = list_cards (lines);
  max_messages = imsg_session_get_limit (self, IMSG_LIMIT_IMPORT_PARTS);
  if (cards->len > max_messages)
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
                   g_dngettext (GETTEXT_PACKAGE,
                                "There is more than %" PRIu64 " card",
                                "There are more than %" PRIu64 " cards",
                                max_messages),
                   max_messages);
      return NULL;
    }
  by_uid = index_cards (cards);
  messages = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < cards->len; i++)
    {
      IMsgMessage *message;

      if (g_cancellable_set_error_if_cancelled (cancellable, error))
        return NULL;
      message = import_card (self, by_uid, g_ptr_array_index (cards, i), error);
      if (message == NULL)
        return NULL;
      g_ptr_array_add (messages, message);
    }
  if (messages->len == 0)
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                           _("There is no card to read"));
      return NULL;
    }
  return g_steal_pointer (&messages);
}

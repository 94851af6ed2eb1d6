/* imsg-mime-import-report.c - delivery and read reports from MIME ([MS-OXCMAIL] 2.2.3.5)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-date-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-private.h"
#include "imsg-mime-words-private.h"
#include "imsg-property-tags.h"

/* The fields of a report that are read; the rest of a longer one stays in the attachment. */
#define MAX_REPORT_BYTES (1024 * 1024)

/* What an enhanced status of class 5 is as PR_NDR_DIAG_CODE and PR_NDR_REASON_CODE; the detail -1
 * stands for all of a subject that are not named. */
static const struct
{
  int subject;
  int detail;
  int diagnostic;
  int reason;
} statuses[] = {
  { 1, 1, 35, 1 },  { 1, 2, 48, 0 },  { 1, 3, 32, 0 },  { 1, 4, 1, 0 },   { 1, 6, 40, 0 },
  { 1, -1, 0, 0 },  { 2, 2, 13, 0 },  { 2, 3, 13, 0 },  { 2, 4, 30, 0 },  { 2, -1, 38, 0 },
  { 3, 2, -1, 0 },  { 3, 3, 18, 0 },  { 3, 5, 18, 0 },  { 3, 4, 13, 0 },  { 3, -1, 38, 0 },
  { 4, 0, -1, 0 },  { 4, 3, -1, 6 },  { 4, 4, -1, 0 },  { 4, 6, 3, 0 },   { 4, 8, 3, 0 },
  { 4, 7, 5, 0 },   { 4, -1, 2, 0 },  { 5, 3, 16, 0 },  { 5, 4, 11, 0 },  { 5, -1, 17, 0 },
  { 6, 2, 9, 0 },   { 6, 3, 8, 0 },   { 6, 4, 25, 0 },  { 6, 5, -1, 2 },  { 6, -1, 15, 0 },
  { 7, 1, 29, 0 },  { 7, 2, 28, 0 },  { 7, 3, 26, 0 },  { 7, -1, 46, 0 },
};

/* The most severe action of a delivery report decides. */
static const struct
{
  const char *action;
  const char *message_class;
} actions[] = {
  { "failed", "REPORT.IPM.Note.NDR" },         { "delayed", "REPORT.IPM.Note.Delayed.DR" },
  { "relayed", "REPORT.IPM.Note.Relayed.DR" }, { "expanded", "REPORT.IPM.Note.Expanded.DR" },
  { "delivered", "REPORT.IPM.Note.DR" },
};

/* --- fields --- */

static void
string_free (gpointer data)
{
  g_string_free (data, TRUE);
}

/* Groups of fields (element-type GHashTable), each by its name in lower case. */
static GPtrArray *
parse_groups (const char *text)
{
  GPtrArray *groups = g_ptr_array_new_with_free_func ((GDestroyNotify) g_hash_table_unref);
  g_auto(GStrv) lines = g_strsplit (text, "\n", -1);
  GHashTable *group = NULL;
  GString *value = NULL;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strchomp (lines[i]);
      char *colon;

      if (*line == '\0')
        group = NULL;
      else if ((*line == ' ' || *line == '\t') && group != NULL && value != NULL)
        g_string_append (value, line);
      else if ((colon = strchr (line, ':')) != NULL)
        {
          if (group == NULL)
            {
              group = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, string_free);
              g_ptr_array_add (groups, group);
            }
          *colon = '\0';
          value = g_string_new (g_strchug (colon + 1));
          g_hash_table_insert (group, g_ascii_strdown (g_strstrip (line), -1), value);
        }
    }
  return groups;
}

static const char *
get_field (GHashTable *group,
           const char *name)
{
  const GString *value = g_hash_table_lookup (group, name);

  return value != NULL && value->len > 0 ? value->str : NULL;
}

/* "rfc822; who@example.org" without what stands in front, which is a name of a kind of name. */
static char *
get_typed_field (GHashTable *group,
                 const char *name)
{
  const char *value = get_field (group, name);
  const char *semicolon = value != NULL ? strchr (value, ';') : NULL;
  char *text;

  if (value == NULL)
    return NULL;
  text = g_utf8_make_valid (semicolon != NULL ? semicolon + 1 : value, -1);
  g_strstrip (text);
  if (*text == '<' && g_str_has_suffix (text, ">"))
    {
      memmove (text, text + 1, strlen (text));
      text[strlen (text) - 1] = '\0';
    }
  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

/* The fields of the part behind the text, however it is called; NULL without any. */
static GPtrArray *
read_report (GMimeObject *content)
{
  GMimeObject *machine;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *text = NULL;

  if (!GMIME_IS_MULTIPART (content) || g_mime_multipart_get_count (GMIME_MULTIPART (content)) < 2)
    return NULL;
  machine = g_mime_multipart_get_part (GMIME_MULTIPART (content), 1);
  if (!GMIME_IS_PART (machine))
    return NULL;
  bytes = _imsg_mime_read_part (GMIME_PART (machine), MAX_REPORT_BYTES, NULL);
  if (bytes == NULL || g_bytes_get_size (bytes) == 0)
    return NULL;
  text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  return parse_groups (text);
}

static gboolean
has_action (GPtrArray  *groups,
            const char *action)
{
  for (guint i = 0; i < groups->len; i++)
    {
      const char *value = get_field (g_ptr_array_index (groups, i), "action");

      if (value != NULL && g_ascii_strncasecmp (value, action, strlen (action)) == 0)
        return TRUE;
    }
  return FALSE;
}

const char *
_imsg_mime_choose_report_class (GMimeObject *content)
{
  const char *type = g_mime_object_get_content_type_parameter (content, "report-type");
  g_autoptr(GPtrArray) groups = type != NULL ? read_report (content) : NULL;

  if (groups == NULL)
    return NULL;
  if (g_ascii_strcasecmp (type, "disposition-notification") == 0)
    {
      const char *disposition = groups->len > 0 ? get_field (g_ptr_array_index (groups, 0),
                                                             "disposition") : NULL;
      const char *semicolon = disposition != NULL ? strchr (disposition, ';') : NULL;

      return semicolon != NULL &&
                 g_ascii_strncasecmp (semicolon + 1 + strspn (semicolon + 1, " \t"), "displayed",
                                      9) == 0
               ? "REPORT.IPM.Note.IPNRN"
               : "REPORT.IPM.Note.IPNNRN";
    }
  if (g_ascii_strcasecmp (type, "delivery-status") != 0)
    return NULL;
  for (guint i = 0; i < G_N_ELEMENTS (actions); i++)
    if (has_action (groups, actions[i].action))
      return actions[i].message_class;
  return NULL;
}

/* --- what it tells of the message and its recipients --- */

static gboolean
set_date (IMsgMessage *message,
          guint32      tag,
          const char  *text,
          GError     **error)
{
  g_autoptr(GDateTime) time = _imsg_mime_decode_date (text);

  return time == NULL ||
         imsg_property_object_set_datetime (IMSG_PROPERTY_OBJECT (message), tag, time, error);
}

/* By it Outlook finds the message that is reported on. */
static gboolean
set_parent_key (IMsgMessage *message,
                GHashTable  *group,
                GError     **error)
{
  const char *key = get_field (group, "x-msexch-correlation-key");
  gsize n_bytes = 0;
  guint8 *decoded = key != NULL ? g_base64_decode (key, &n_bytes) : NULL;
  g_autoptr(GBytes) bytes = g_bytes_new_take (decoded, n_bytes);

  return n_bytes == 0 || imsg_property_object_set_bytes (IMSG_PROPERTY_OBJECT (message),
                                                         IMSG_PR_PARENT_KEY, bytes, error);
}

static gboolean
import_message_fields (IMsgMessage *message,
                       GHashTable  *group,
                       GError     **error)
{
  g_autofree char *agent = get_typed_field (group, "reporting-mta");

  return _imsg_mime_set_text (message, imsg_property_tag_from_name (
                                         "PidTagReportingMessageTransferAgent"), agent, error) &&
         set_date (message, IMSG_PR_ORIGINAL_SUBMIT_TIME, get_field (group, "arrival-date"),
                   error) &&
         set_parent_key (message, group, error);
}

static gboolean
set_status (IMsgPropertyObject *recipient,
            const char         *status,
            GError            **error)
{
  int kind, subject, detail;

  if (status == NULL || sscanf (status, "%1d.%3d.%3d", &kind, &subject, &detail) != 3)
    return TRUE;
  /* the stored form has one digit for each */
  if (subject <= 9 && detail <= 9 &&
      !imsg_property_object_set_int (recipient, IMSG_PR_NDR_STATUS_CODE,
                                     kind * 100 + subject * 10 + detail, error))
    return FALSE;
  if (kind != 5)
    return TRUE;
  for (guint i = 0; i < G_N_ELEMENTS (statuses); i++)
    if (statuses[i].subject == subject &&
        (statuses[i].detail == detail || statuses[i].detail == -1))
      return imsg_property_object_set_int (recipient, IMSG_PR_NDR_DIAG_CODE,
                                           statuses[i].diagnostic, error) &&
             imsg_property_object_set_int (recipient, IMSG_PR_NDR_REASON_CODE, statuses[i].reason,
                                           error);
  return TRUE;
}

static gboolean
set_optional (IMsgPropertyObject *recipient,
              guint32             tag,
              const char         *text,
              GError            **error)
{
  return text == NULL || imsg_property_object_set_string (recipient, tag, text, error);
}

/* Who did not get it, or did; the address it was sent to first where no other is told. */
static char *
dup_subject (GHashTable  *group,
             const char **type)
{
  static const char *const fields[] = { "final-recipient", "original-recipient" };

  for (guint i = 0; i < G_N_ELEMENTS (fields); i++)
    {
      char *address = get_typed_field (group, fields[i]);

      *type = get_field (group, fields[i]);
      if (address != NULL)
        return address;
    }
  return NULL;
}

/* Whom the report is about, by address in lower case, with the name they had as recipients. */
static GHashTable *
list_subjects (GPtrArray *groups)
{
  GHashTable *subjects = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);

  for (guint i = 0; i < groups->len; i++)
    {
      const char *type;
      g_autofree char *address = dup_subject (g_ptr_array_index (groups, i), &type);

      if (address != NULL)
        g_hash_table_insert (subjects, g_utf8_casefold (address, -1), NULL);
    }
  return subjects;
}

/* The recipients of a report are those it is about; who is in its headers beside them received it.
 * Their header stays in PR_TRANSPORT_MESSAGE_HEADERS. */
static gboolean
replace_recipients (IMsgMessage *message,
                    GHashTable  *subjects,
                    GError     **error)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  gboolean has_receiver = FALSE;

  for (guint n = g_list_model_get_n_items (recipients); n > 0; n--)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, 0);
      const char *name = imsg_recipient_get_name (recipient);
      const char *address = imsg_recipient_get_address (recipient);
      g_autofree char *folded = address != NULL ? g_utf8_casefold (address, -1) : NULL;

      if (folded != NULL && g_hash_table_contains (subjects, folded))
        g_hash_table_replace (subjects, g_steal_pointer (&folded), g_strdup (name));
      else if (folded != NULL && !has_receiver)
        {
          if (!_imsg_mime_set_person (message, IMSG_ADDRESS_ROLE_RECEIVED_BY, name, address,
                                      error))
            return FALSE;
          has_receiver = TRUE;
        }
      if (!imsg_message_remove_recipient (message, imsg_recipient_get_row_id (recipient), error))
        return FALSE;
    }
  return TRUE;
}

static gboolean
import_recipient (IMsgMessage *message,
                  GHashTable  *group,
                  GHashTable  *subjects,
                  GError     **error)
{
  const char *type;
  g_autofree char *address = dup_subject (group, &type);
  g_autofree char *diagnostic = get_typed_field (group, "diagnostic-code");
  const char *supplement = get_field (group, "x-supplementary-info");
  g_autofree char *agent = get_typed_field (group, "remote-mta");
  const char *shown = get_field (group, "x-display-name");
  g_autofree char *decoded = shown != NULL ? _imsg_mime_decode_words (shown) : NULL;
  g_autofree char *name = decoded != NULL ? g_utf8_make_valid (decoded, -1) : NULL;
  g_autofree char *folded = address != NULL ? g_utf8_casefold (address, -1) : NULL;
  gboolean is_address = type != NULL && (g_ascii_strncasecmp (type, "rfc822", 6) == 0 ||
                                         g_ascii_strncasecmp (type, "utf-8", 5) == 0);
  g_autoptr(IMsgRecipient) recipient = NULL;
  IMsgPropertyObject *object;

  if (address == NULL)
    return TRUE;
  if (name == NULL)
    name = g_strdup (g_hash_table_lookup (subjects, folded));
  if (diagnostic == NULL && supplement != NULL)
    diagnostic = g_utf8_make_valid (supplement, -1);
  recipient = imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO,
                                          name != NULL ? name : address,
                                          is_address ? address : NULL, error);
  if (recipient == NULL)
    return FALSE;
  object = IMSG_PROPERTY_OBJECT (recipient);
  return set_status (object, get_field (group, "status"), error) &&
         set_optional (object, IMSG_PR_SUPPLEMENTARY_INFO, diagnostic, error) &&
         set_optional (object, IMSG_PR_DSN_REMOTE_MTA, agent, error);
}

static gboolean
import_disposition (IMsgMessage *message,
                    GHashTable  *group,
                    GError     **error)
{
  const char *original = get_field (group, "original-message-id");
  g_autofree char *valid = original != NULL ? g_utf8_make_valid (original, -1) : NULL;

  return _imsg_mime_set_text (message, imsg_property_tag_from_name ("PidTagOriginalMessageId"),
                              valid, error) &&
         set_parent_key (message, group, error);
}

gboolean
_imsg_mime_import_report (IMsgMimeImport *import,
                          IMsgMessage    *message,
                          GMimeMessage   *mime,
                          GError        **error)
{
  GMimeObject *content = g_mime_message_get_mime_part (mime);
  const char *type = g_mime_object_get_content_type_parameter (content, "report-type");
  g_autoptr(GPtrArray) groups = read_report (content);
  g_autofree char *date = _imsg_mime_get_header (mime, "Date");
  g_autoptr(GHashTable) subjects = NULL;

  if (!set_date (message, IMSG_PR_REPORT_TIME, date, error))
    return FALSE;
  if (groups == NULL || groups->len == 0)
    return TRUE;
  if (g_ascii_strcasecmp (type, "disposition-notification") == 0)
    return import_disposition (message, g_ptr_array_index (groups, 0), error);
  if (!import_message_fields (message, g_ptr_array_index (groups, 0), error))
    return FALSE;
  subjects = list_subjects (groups);
  if (g_hash_table_size (subjects) > 0 && !replace_recipients (message, subjects, error))
    return FALSE;
  for (guint i = 0; i < groups->len; i++)
    if (!import_recipient (message, g_ptr_array_index (groups, i), subjects, error))
      return FALSE;
  return TRUE;
}

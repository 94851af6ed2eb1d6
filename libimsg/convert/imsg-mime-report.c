/* imsg-mime-report.c - the machine-readable part of delivery and read reports
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-mime-header-private.h"
#include "imsg-property-tags.h"

/* What the last part of a report's class says ([MS-OXCMAIL] 2.1.3.6). */
static const struct
{
  const char *suffix;
  const char *action; /* NULL: a disposition */
  const char *disposition;
} report_kinds[] = {
  { ".Delayed.DR", "delayed", NULL },   { ".Relayed.DR", "relayed", NULL },
  { ".Expanded.DR", "expanded", NULL }, { ".NDR", "failed", NULL },
  { ".DR", "delivered", NULL },         { ".IPNRN", NULL, "displayed" },
  { ".IPNNRN", NULL, "deleted" },
};

/* PR_NDR_DIAG_CODE to the subject and detail of an enhanced status: class 5 but for 22 to 25. */
static const struct
{
  int         diagnostic;
  const char *status;
} diagnostic_statuses[] = {
  { 0, "5.1.0" },  { 1, "5.1.4" },  { 2, "5.4.5" },  { 3, "5.4.6" },  { 4, "5.1.0" },
  { 5, "5.4.7" },  { 6, "5.3.0" },  { 7, "5.6.0" },  { 8, "5.6.3" },  { 9, "5.6.2" },
  { 10, "5.6.0" }, { 11, "5.5.4" }, { 12, "5.6.0" }, { 13, "5.3.4" }, { 14, "5.6.0" },
  { 15, "5.6.1" }, { 16, "5.5.3" }, { 17, "5.5.5" }, { 18, "5.3.3" }, { 19, "5.6.2" },
  { 20, "5.6.0" }, { 21, "5.6.0" }, { 22, "4.6.4" }, { 23, "4.6.4" }, { 24, "4.6.4" },
  { 25, "4.6.4" }, { 26, "5.7.3" }, { 27, "5.4.6" }, { 28, "5.7.2" }, { 29, "5.7.1" },
  { 30, "5.2.4" }, { 31, "5.6.1" }, { 32, "5.1.3" }, { 33, "5.1.0" }, { 34, "5.1.3" },
  { 35, "5.1.1" }, { 36, "5.1.0" }, { 37, "5.3.0" }, { 38, "5.3.0" }, { 39, "5.1.0" },
  { 40, "5.1.6" }, { 41, "5.1.0" }, { 42, "5.1.0" }, { 43, "5.1.6" }, { 46, "5.7.0" },
  { 48, "5.1.2" },
};

/* PR_NDR_REASON_CODE, where there is no diagnostic. */
static const char *const reason_statuses[] = { "5.4.0", "5.1.0", "5.6.5", "5.6.5",
                                               "5.2.0", "5.3.0", "5.4.3" };

/* A longer part is an attachment like others. */
#define MAX_KEPT_BYTES (1024 * 1024)

static int
find_kind (IMsgMessage *message)
{
  const char *own = imsg_message_get_message_class (message);
  gsize length;

  if (own == NULL || g_ascii_strncasecmp (own, "REPORT.", 7) != 0)
    return -1;
  length = strlen (own);
  for (guint i = 0; i < G_N_ELEMENTS (report_kinds); i++)
    {
      gsize suffix_length = strlen (report_kinds[i].suffix);

      if (length > suffix_length &&
          g_ascii_strcasecmp (own + length - suffix_length, report_kinds[i].suffix) == 0)
        return (int) i;
    }
  return -1;
}

gboolean
_imsg_mime_is_delivery_report (IMsgMessage *message)
{
  int kind = find_kind (message);

  return kind >= 0 && report_kinds[kind].action != NULL;
}

static char *
get_clean_text (IMsgPropertyObject *object,
                guint32             tag)
{
  char *text = imsg_property_object_get_string (object, tag);

  if (text == NULL)
    return NULL;
  g_strdelimit (text, "\r\n", ' ');
  g_strstrip (text);
  if (*text == '\0')
    g_clear_pointer (&text, g_free);
  return text;
}

static void
add_field (GString    *fields,
           const char *name,
           const char *value)
{
  g_autofree char *clean = value != NULL ? _imsg_mime_clean_value (value) : NULL;

  if (clean != NULL && *clean != '\0')
    g_string_append_printf (fields, "%s: %s\n", name, clean);
}

static void
add_date_field (GString            *fields,
                const char         *name,
                IMsgPropertyObject *object,
                guint32             tag)
{
  g_autoptr(GDateTime) time = imsg_property_object_get_datetime (object, tag);
  g_autofree char *text = time != NULL ? g_mime_utils_header_format_date (time) : NULL;

  add_field (fields, name, text);
}

/* Who got it, or read it: RFC 3464 2.3.2 and RFC 8098 3.2.4 want the field in any case. */
static void
add_final_recipient (GString           *fields,
                     const IMsgAddress *person)
{
  const char *smtp = person != NULL ? imsg_address_get_smtp (person) : NULL;
  const char *name = person != NULL ? imsg_address_get_name (person) : NULL;
  g_autofree char *final = smtp != NULL ? g_strconcat ("rfc822;", smtp, NULL)
                                        : g_strconcat ("unknown;", name, NULL);

  add_field (fields, "Final-Recipient", final);
}

static void
add_display_name (GString           *fields,
                  const IMsgAddress *person)
{
  const char *name = person != NULL ? imsg_address_get_name (person) : NULL;
  g_autofree char *encoded =
    name != NULL ? g_mime_utils_header_encode_text (NULL, name, "utf-8") : NULL;

  add_field (fields, "X-Display-Name", encoded);
}

/* By it the message that is reported on is found again. */
static void
add_parent_key (GString            *fields,
                IMsgPropertyObject *object)
{
  g_autoptr(GBytes) key = imsg_property_object_get_bytes (object, IMSG_PR_PARENT_KEY);
  g_autofree char *text = NULL;

  if (key == NULL || g_bytes_get_size (key) == 0)
    return;
  text = g_base64_encode (g_bytes_get_data (key, NULL), g_bytes_get_size (key));
  add_field (fields, "X-MSExch-Correlation-Key", text);
}

static char *
find_status (IMsgPropertyObject *recipient,
             const char         *action)
{
  if (imsg_property_object_has_value (recipient, IMSG_PR_NDR_STATUS_CODE))
    {
      gint64 code = imsg_property_object_get_int (recipient, IMSG_PR_NDR_STATUS_CODE);

      if (code >= 200 && code <= 599)
        return g_strdup_printf ("%d.%d.%d", (int) (code / 100), (int) (code / 10 % 10),
                                (int) (code % 10));
    }
  if (strcmp (action, "failed") != 0)
    return g_strdup (strcmp (action, "delayed") == 0 ? "4.0.0" : "2.0.0");
  if (imsg_property_object_has_value (recipient, IMSG_PR_NDR_DIAG_CODE))
    {
      gint64 diagnostic = imsg_property_object_get_int (recipient, IMSG_PR_NDR_DIAG_CODE);

      for (guint i = 0; i < G_N_ELEMENTS (diagnostic_statuses); i++)
        if (diagnostic_statuses[i].diagnostic == diagnostic)
          return g_strdup (diagnostic_statuses[i].status);
      if (diagnostic >= 0)
        return g_strdup ("5.0.0");
    }
  if (imsg_property_object_has_value (recipient, IMSG_PR_NDR_REASON_CODE))
    {
      gint64 reason = imsg_property_object_get_int (recipient, IMSG_PR_NDR_REASON_CODE);

      if (reason >= 0 && reason < (gint64) G_N_ELEMENTS (reason_statuses))
        return g_strdup (reason_statuses[reason]);
    }
  return g_strdup ("5.4.0");
}

static void
add_recipient_fields (GString       *fields,
                      IMsgRecipient *recipient,
                      const char    *action)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (recipient);
  g_autoptr(IMsgAddress) person = imsg_recipient_resolve_address (recipient);
  g_autofree char *status = find_status (object, action);
  g_autofree char *diagnostic = get_clean_text (object, IMSG_PR_SUPPLEMENTARY_INFO);
  g_autofree char *remote = get_clean_text (object, imsg_property_tag_from_name (
                                              "PidTagRemoteMessageTransferAgent"));

  if (person == NULL)
    return;
  g_string_append_c (fields, '\n');
  add_final_recipient (fields, person);
  add_field (fields, "Action", action);
  add_field (fields, "Status", status);
  if (diagnostic != NULL)
    {
      g_autofree char *code = g_strconcat ("smtp;", diagnostic, NULL);

      add_field (fields, "Diagnostic-Code", code);
    }
  if (remote != NULL)
    {
      g_autofree char *agent = g_strconcat ("dns;", remote, NULL);

      add_field (fields, "Remote-MTA", agent);
    }
  add_display_name (fields, person);
}

static char *
build_delivery_fields (IMsgMessage *message,
                       const char  *action)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  GListModel *recipients = imsg_message_get_recipients (message);
  guint n_recipients = g_list_model_get_n_items (recipients);
  g_autofree char *agent = get_clean_text (object, imsg_property_tag_from_name (
                                             "PidTagReportingMessageTransferAgent"));
  g_autofree char *reporting = g_strconcat ("dns;", agent != NULL ? agent : "unknown", NULL);
  g_autoptr(GString) fields = g_string_new (NULL);

  add_field (fields, "Reporting-MTA", reporting);
  add_date_field (fields, "Arrival-Date", object, IMSG_PR_ORIGINAL_SUBMIT_TIME);
  add_parent_key (fields, object);
  for (guint i = 0; i < n_recipients; i++)
    {
      g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, i);

      add_recipient_fields (fields, recipient, action);
    }
  return g_string_free (g_steal_pointer (&fields), FALSE);
}

static char *
build_disposition_fields (IMsgMessage *message,
                          const char  *disposition)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(IMsgAddress) reader =
    imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENDER);
  g_autofree char *original =
    get_clean_text (object, imsg_property_tag_from_name ("PidTagOriginalMessageId"));
  g_autoptr(GString) fields = g_string_new (NULL);
  g_autofree char *mode = g_strconcat ("manual-action/MDN-sent-automatically; ", disposition, NULL);

  if (original == NULL)
    original = get_clean_text (object, IMSG_PR_IN_REPLY_TO_ID);
  if (reader == NULL)
    reader = imsg_message_resolve_address (message, IMSG_ADDRESS_ROLE_SENT_REPRESENTING);
  add_final_recipient (fields, reader);
  add_field (fields, "Original-Message-ID", original);
  add_field (fields, "Disposition", mode);
  add_parent_key (fields, object);
  add_display_name (fields, reader);
  return g_string_free (g_steal_pointer (&fields), FALSE);
}

/* The part as it came, if the message came as MIME: it may say more than any property. With UTF-8 in
 * it it is of another type (RFC 6533). */
static IMsgAttachment *
find_kept_part (IMsgMessage *message,
                const char  *report_type)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_attachments = g_list_model_get_n_items (attachments);
  g_autofree char *mime_type = g_strconcat ("message/", report_type, NULL);
  g_autofree char *global_type = g_strconcat ("message/global-", report_type, NULL);

  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      const char *own = imsg_attachment_get_mime_type (attachment);

      /* the message holds it as well */
      if (own != NULL &&
          (g_ascii_strcasecmp (own, mime_type) == 0 || g_ascii_strcasecmp (own, global_type) == 0) &&
          imsg_attachment_get_method (attachment) == IMSG_ATTACHMENT_METHOD_BY_VALUE &&
          imsg_attachment_get_size (attachment) <= MAX_KEPT_BYTES)
        return attachment;
    }
  return NULL;
}

/* Its text with LF as line end, and nothing that would end it early. */
static char *
read_kept_part (IMsgAttachment *attachment)
{
  g_autoptr(GBytes) bytes = imsg_property_object_get_bytes (IMSG_PROPERTY_OBJECT (attachment),
                                                            IMSG_PR_ATTACH_DATA_BIN);
  gsize n_bytes;
  const char *data = bytes != NULL ? g_bytes_get_data (bytes, &n_bytes) : NULL;
  GString *text;

  if (data == NULL)
    return NULL;
  text = g_string_sized_new (n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    if (data[i] != '\0' && data[i] != '\r')
      g_string_append_c (text, data[i]);
  return g_string_free (text, FALSE);
}

GMimeObject *
_imsg_mime_build_report_part (IMsgMimeExport  *export,
                              IMsgMessage     *message,
                              const char     **report_type,
                              IMsgAttachment **kept)
{
  int kind = find_kind (message);
  g_autofree char *fields = NULL;
  g_autoptr(GObject) memory = NULL;
  g_autoptr(GObject) content = NULL;
  const char *subtype;
  GMimePart *part;

  if (kind < 0)
    return NULL;
  *report_type = report_kinds[kind].action != NULL ? "delivery-status"
                                                   : "disposition-notification";
  *kept = find_kept_part (message, *report_type);
  fields = *kept != NULL ? read_kept_part (*kept) : NULL;
  if (fields == NULL)
    *kept = NULL;
  if (fields == NULL && report_kinds[kind].action != NULL)
    fields = build_delivery_fields (message, report_kinds[kind].action);
  else if (fields == NULL)
    fields = build_disposition_fields (message, report_kinds[kind].disposition);
  subtype = *kept != NULL ? strchr (imsg_attachment_get_mime_type (*kept), '/') + 1 : *report_type;
  part = g_mime_part_new_with_type ("message", subtype);
  memory = G_OBJECT (g_mime_stream_mem_new_with_buffer (fields, strlen (fields)));
  content = G_OBJECT (
    g_mime_data_wrapper_new_with_stream (GMIME_STREAM (memory), GMIME_CONTENT_ENCODING_DEFAULT));
  g_mime_part_set_content (part, GMIME_DATA_WRAPPER (content));
  g_mime_part_set_content_encoding (
    part, g_str_is_ascii (fields) ? GMIME_CONTENT_ENCODING_7BIT : GMIME_CONTENT_ENCODING_8BIT);
  return GMIME_OBJECT (part);
}

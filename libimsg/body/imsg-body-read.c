/* imsg-body-read.c - which body a message has, and in which format it can be had
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"

#include "imsg-code-page-private.h"
#include "imsg-html-private.h"
#include "imsg-limits.h"
#include "imsg-problem-private.h"
#include "imsg-property-tags.h"
#include "imsg-rtf-compression-private.h"
#include "imsg-rtf-private.h"
#include "imsg-session.h"

#define TYPE_STRING8 0x001E
#define TYPE_UNICODE 0x001F
#define TYPE_BINARY 0x0102

/* Enough of the RTF to see what it holds */
#define RTF_HEAD_SIZE 1024

/* One reading of a body: what it needs, and what it finds on its way */
typedef struct
{
  IMsgMessage  *message;
  GCancellable *cancellable;
  GPtrArray    *trace;
  GPtrArray    *problems;
  guint         code_page;   /* asked for by the caller, or 0 */
} Reading;

static void
add_step (Reading    *reading,
          const char *format,
          ...) G_GNUC_PRINTF (2, 3);

static void
add_step (Reading    *reading,
          const char *format,
          ...)
{
  va_list args;

  va_start (args, format);
  g_ptr_array_add (reading->trace, g_strdup_vprintf (format, args));
  va_end (args);
}

static guint64
get_limit (IMsgMessage *message,
           IMsgLimit    limit)
{
  IMsgSession *session = imsg_message_get_session (message);

  return session != NULL ? imsg_session_get_limit (session, limit) : imsg_limit_get_default (limit);
}

/* Whether an error ends the reading, instead of being a problem of one property. */
static gboolean
is_fatal (const GError *error)
{
  return error->domain != IMSG_ERROR || error->code == IMSG_ERROR_CLOSED ||
         error->code == IMSG_ERROR_OBJECT_DELETED || error->code == IMSG_ERROR_CANCELLED;
}

/* The stored bytes and tag of a property; NULL with no error when there are none to be had. */
static GBytes *
read_stored (Reading  *reading,
             guint32   tag,
             guint32  *stored_tag,
             GError  **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) bytes = NULL;

  if (g_cancellable_set_error_if_cancelled (reading->cancellable, error))
    return NULL;
  *stored_tag = imsg_property_object_find_tag (IMSG_PROPERTY_OBJECT (reading->message), tag);
  if (*stored_tag == 0)
    return NULL;
  bytes = imsg_property_object_get_raw (IMSG_PROPERTY_OBJECT (reading->message), *stored_tag,
                                        &local_error);
  if (bytes == NULL)
    {
      g_autofree char *where = NULL;

      if (is_fatal (local_error))
        {
          g_propagate_error (error, g_steal_pointer (&local_error));
          return NULL;
        }
      if (g_error_matches (local_error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND))
        return NULL;
      where = g_strdup_printf ("0x%08X", *stored_tag);
      _imsg_problem_list_add (reading->problems, _imsg_problem_new_error (where, local_error));
      add_step (reading, "0x%08X cannot be read: %s", *stored_tag, local_error->message);
      return NULL;
    }
  return g_bytes_get_size (bytes) > 0 ? g_steal_pointer (&bytes) : NULL;
}

/* Text without the NULs at its end; NULL when nothing is left. Cut at the limit. */
static GBytes *
finish_text (Reading *reading,
             char    *text,
             gsize    length,
             gsize    n_replaced,
             guint32  tag)
{
  guint64 limit = get_limit (reading->message, IMSG_LIMIT_HTML_BYTES);
  g_autofree char *where = g_strdup_printf ("0x%08X", tag);

  while (length > 0 && text[length - 1] == '\0')
    length--;
  if (length == 0)
    {
      g_free (text);
      return NULL;
    }
  if (length > limit)
    {
      length = limit;
      while (length > 0 && ((guint8) text[length] & 0xC0) == 0x80)
        length--;
      _imsg_problem_list_add (reading->problems,
        _imsg_problem_new (where, IMSG_ERROR_TOO_BIG,
                           "Cut off at the limit of %" G_GUINT64_FORMAT " bytes", limit));
    }
  if (n_replaced > 0)
    _imsg_problem_list_add (reading->problems,
      _imsg_problem_new (where, IMSG_ERROR_CORRUPT_DATA,
                         "%" G_GSIZE_FORMAT " characters cannot be decoded", n_replaced));
  return g_bytes_new_take (text, length);
}

static GBytes *
decode (Reading *reading,
        GBytes  *stored,
        guint32  tag,
        guint    code_page)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (stored, &n_bytes);
  gsize length;
  gsize n_replaced;
  char *text = _imsg_code_page_decode (code_page, bytes, n_bytes, &length, &n_replaced);

  /* A byte order mark is no part of the text. */
  if (length >= 3 && memcmp (text, "\xEF\xBB\xBF", 3) == 0)
    {
      length -= 3;
      memmove (text, text + 3, length + 1);
    }
  return finish_text (reading, text, length, n_replaced, tag);
}

static GBytes *
read_stored_text (Reading  *reading,
                  guint    *code_page,
                  GError  **error)
{
  guint32 tag;
  g_autoptr(GBytes) stored = read_stored (reading, IMSG_PR_BODY, &tag, error);
  GBytes *text;

  if (stored == NULL)
    return NULL;
  if ((tag & 0xFFFF) == TYPE_UNICODE)
    *code_page = IMSG_CODE_PAGE_UTF16LE;
  else if ((tag & 0xFFFF) != TYPE_STRING8)
    return NULL;
  else
    *code_page = reading->code_page != 0 ? reading->code_page
                                         : imsg_message_get_code_page (reading->message);
  text = decode (reading, stored, tag, *code_page);
  if (text != NULL)
    add_step (reading, "PR_BODY is stored, in %u (%s)", *code_page,
              _imsg_code_page_get_charset (*code_page) != NULL
              ? _imsg_code_page_get_charset (*code_page) : "unknown");
  return text;
}

static GBytes *
read_stored_html (Reading  *reading,
                  guint    *code_page,
                  GError  **error)
{
  guint32 tag;
  g_autoptr(GBytes) stored = read_stored (reading, IMSG_PR_HTML, &tag, error);
  gsize n_bytes;
  const guint8 *bytes;
  GBytes *html;

  if (stored == NULL)
    return NULL;
  bytes = g_bytes_get_data (stored, &n_bytes);
  if ((tag & 0xFFFF) == TYPE_UNICODE)
    {
      *code_page = IMSG_CODE_PAGE_UTF16LE;
      add_step (reading, "0x%08X holds the HTML as Unicode", tag);
    }
  else if (reading->code_page != 0)
    {
      *code_page = reading->code_page;
      add_step (reading, "The caller wants the HTML read in %u", *code_page);
    }
  else if ((tag & 0xFFFF) == TYPE_STRING8 || (tag & 0xFFFF) == TYPE_BINARY)
    {
      guint declared = imsg_property_object_get_int (IMSG_PROPERTY_OBJECT (reading->message),
                                                     IMSG_PR_INTERNET_CPID);
      guint fallback = imsg_message_get_code_page (reading->message);

      /* HTML as 8-bit text is in the page of the texts, not in that of the mail. */
      if ((tag & 0xFFFF) == TYPE_STRING8)
        declared = fallback;
      while (n_bytes > 0 && bytes[n_bytes - 1] == '\0')
        n_bytes--;
      *code_page = _imsg_html_choose_code_page (bytes, n_bytes, declared, fallback,
                                                reading->trace);
      /* The NUL that went may have been half of a UTF-16 unit. */
      n_bytes = g_bytes_get_size (stored);
    }
  else
    return NULL;
  html = decode (reading, stored, tag, *code_page);
  if (html != NULL)
    add_step (reading, "0x%08X holds the HTML, read in %u", tag, *code_page);
  return html;
}

/* The RTF body, whole or only its head; NULL when there is none or it is no RTF. */
static GBytes *
read_stored_rtf (Reading   *reading,
                 gboolean   only_head,
                 GError   **error)
{
  guint32 tag;
  g_autoptr(GBytes) stored = read_stored (reading, IMSG_PR_RTF_COMPRESSED, &tag, error);
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) rtf = NULL;
  guint64 limit = only_head ? RTF_HEAD_SIZE
                            : get_limit (reading->message, IMSG_LIMIT_RTF_BYTES);
  gsize n_bytes;
  const guint8 *bytes;

  if (stored == NULL || (tag & 0xFFFF) != TYPE_BINARY)
    return NULL;
  bytes = g_bytes_get_data (stored, &n_bytes);
  rtf = _imsg_rtf_decompress (bytes, n_bytes, limit, only_head ? NULL : reading->problems,
                              &local_error);
  if (rtf == NULL)
    {
      _imsg_problem_list_add (reading->problems,
                              _imsg_problem_new_error ("PR_RTF_COMPRESSED", local_error));
      add_step (reading, "PR_RTF_COMPRESSED cannot be read: %s", local_error->message);
      return NULL;
    }
  if (g_bytes_get_size (rtf) == 0)
    return NULL;
  if (!only_head)
    add_step (reading, "PR_RTF_COMPRESSED holds %" G_GSIZE_FORMAT " bytes of RTF",
              g_bytes_get_size (rtf));
  return g_steal_pointer (&rtf);
}

static IMsgRtfContent
get_rtf_content (GBytes *rtf)
{
  return rtf != NULL ? imsg_rtf_get_content (rtf) : IMSG_RTF_CONTENT_NONE;
}

typedef char *(*ConvertFunc) (const guint8 *rtf,
                              gsize         n_bytes,
                              gsize         max_bytes,
                              gsize        *length,
                              GPtrArray    *problems,
                              GError      **error);

static GBytes *
convert_rtf (Reading     *reading,
             GBytes      *rtf,
             ConvertFunc  func)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (rtf, &n_bytes);
  gsize length = 0;
  char *text = func (bytes, n_bytes, get_limit (reading->message, IMSG_LIMIT_HTML_BYTES), &length,
                     reading->problems, NULL);

  if (text == NULL)
    return NULL;
  return g_bytes_new_take (text, length);
}

static GBytes *
convert_html_to_text (GBytes *html)
{
  gsize n_bytes;
  const char *bytes = g_bytes_get_data (html, &n_bytes);
  gsize length;
  char *text = _imsg_html_to_text (bytes, n_bytes, &length);

  return g_bytes_new_take (text, length);
}

static GBytes *
convert_text_to_html (GBytes *text)
{
  gsize n_bytes;
  const char *bytes = g_bytes_get_data (text, &n_bytes);
  gsize length;
  char *html = _imsg_html_from_text (bytes, n_bytes, &length);

  return g_bytes_new_take (html, length);
}

/* Each gives the bytes and tells the origin; NULL without an error when there is nothing. */

static GBytes *
find_text (Reading         *reading,
           gboolean         only_stored,
           IMsgBodyOrigin  *origin,
           guint           *code_page,
           GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) rtf = NULL;
  g_autoptr(GBytes) html = NULL;
  GBytes *text;

  *origin = IMSG_BODY_ORIGIN_STORED;
  text = read_stored_text (reading, code_page, &local_error);
  if (text != NULL || local_error != NULL || only_stored)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return text;
    }
  rtf = read_stored_rtf (reading, FALSE, &local_error);
  if (local_error == NULL && get_rtf_content (rtf) != IMSG_RTF_CONTENT_TEXT)
    html = read_stored_html (reading, code_page, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  *code_page = IMSG_CODE_PAGE_UTF8;
  if (html != NULL)
    {
      *origin = IMSG_BODY_ORIGIN_HTML;
      add_step (reading, "The text was made of the HTML");
      return convert_html_to_text (html);
    }
  if (get_rtf_content (rtf) == IMSG_RTF_CONTENT_NONE)
    return NULL;
  *origin = IMSG_BODY_ORIGIN_RTF;
  add_step (reading, get_rtf_content (rtf) == IMSG_RTF_CONTENT_TEXT
                     ? "The text was encapsulated in the RTF"
                     : "The text was made of the RTF");
  return convert_rtf (reading, rtf, _imsg_rtf_to_text);
}

static GBytes *
find_html (Reading         *reading,
           gboolean         only_stored,
           IMsgBodyOrigin  *origin,
           guint           *code_page,
           GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) rtf = NULL;
  g_autoptr(GBytes) text = NULL;
  GBytes *html;

  *origin = IMSG_BODY_ORIGIN_STORED;
  html = read_stored_html (reading, code_page, &local_error);
  if (html != NULL || local_error != NULL || only_stored)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      return html;
    }
  rtf = read_stored_rtf (reading, FALSE, &local_error);
  if (local_error == NULL && get_rtf_content (rtf) == IMSG_RTF_CONTENT_NONE)
    text = read_stored_text (reading, code_page, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  *code_page = IMSG_CODE_PAGE_UTF8;
  if (text != NULL)
    {
      *origin = IMSG_BODY_ORIGIN_TEXT;
      add_step (reading, "The HTML was made of the text");
      return convert_text_to_html (text);
    }
  if (get_rtf_content (rtf) == IMSG_RTF_CONTENT_NONE)
    return NULL;
  *origin = IMSG_BODY_ORIGIN_RTF;
  add_step (reading, get_rtf_content (rtf) == IMSG_RTF_CONTENT_HTML
                     ? "The HTML was encapsulated in the RTF"
                     : "The HTML was made of the RTF");
  return convert_rtf (reading, rtf, _imsg_rtf_to_html);
}

static GBytes *
encapsulate (GBytes *bytes,
             GBytes *(*func) (const char *text))
{
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  g_autofree char *text = g_strndup (data, n_bytes);

  return func (text);
}

static GBytes *
find_rtf (Reading         *reading,
          gboolean         only_stored,
          IMsgBodyOrigin  *origin,
          guint           *code_page,
          GError         **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) other = NULL;
  GBytes *rtf;

  *origin = IMSG_BODY_ORIGIN_STORED;
  rtf = read_stored_rtf (reading, FALSE, &local_error);
  if (rtf == NULL && local_error == NULL && !only_stored)
    {
      *origin = IMSG_BODY_ORIGIN_HTML;
      other = read_stored_html (reading, code_page, &local_error);
      if (other != NULL)
        rtf = encapsulate (other, imsg_rtf_from_html);
    }
  if (rtf == NULL && local_error == NULL && !only_stored)
    {
      *origin = IMSG_BODY_ORIGIN_TEXT;
      other = read_stored_text (reading, code_page, &local_error);
      if (other != NULL)
        rtf = encapsulate (other, imsg_rtf_from_text);
    }
  *code_page = 0;
  if (local_error != NULL)
    g_propagate_error (error, g_steal_pointer (&local_error));
  return rtf;
}

static IMsgBody *
read_body (IMsgMessage     *message,
           IMsgBodyFormat   format,
           gboolean         only_stored,
           guint            asked_code_page,
           GCancellable    *cancellable,
           GError         **error)
{
  static const char *const names[] = { NULL, "text", "RTF", "HTML" };
  Reading reading = { message, cancellable, NULL, NULL, asked_code_page };
  g_autoptr(GPtrArray) trace = g_ptr_array_new_with_free_func (g_free);
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  g_autoptr(GError) local_error = NULL;
  IMsgBodyOrigin origin = IMSG_BODY_ORIGIN_STORED;
  guint code_page = 0;
  GBytes *bytes;

  if (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, "The message is closed");
      return NULL;
    }
  reading.trace = trace;
  reading.problems = problems;
  if (format == IMSG_BODY_FORMAT_TEXT)
    bytes = find_text (&reading, only_stored, &origin, &code_page, &local_error);
  else if (format == IMSG_BODY_FORMAT_HTML)
    bytes = find_html (&reading, only_stored, &origin, &code_page, &local_error);
  else
    bytes = find_rtf (&reading, only_stored, &origin, &code_page, &local_error);

  if (bytes == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else if (problems->len > 0)
        g_set_error_literal (error, IMSG_ERROR, imsg_problem_get_code (problems->pdata[0]),
                             imsg_problem_get_text (problems->pdata[0]));
      else
        g_set_error (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND,
                     only_stored ? "The message stores no %s body"
                                 : "The message has no body that could be had as %s",
                     names[format]);
      return NULL;
    }
  return _imsg_body_new (format, origin, bytes, code_page, g_steal_pointer (&trace),
                         g_steal_pointer (&problems));
}

/**
 * imsg_message_read_body:
 * @self: a message
 * @format: the format wanted
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads the body of a message in a format, converted where the message has it in another.
 *
 * - Text is `PR_BODY`, else what the RTF encapsulates, else made of the HTML or the RTF.
 * - HTML is `PR_HTML` (bytes or text), else what the RTF encapsulates, else made of RTF or text.
 * - RTF is `PR_RTF_COMPRESSED`, else HTML or text encapsulated in RTF.
 *
 * An empty body counts as none.
 *
 * The bytes of `PR_HTML` are read in the code page of their byte order mark, of
 * `PR_INTERNET_CPID`, of their `meta` element, in UTF-8 when they are that, or in the code page of
 * the message's text, the first of these in which all of them can be read.
 *
 * Fails with `IMSG_ERROR_NOT_FOUND` when the message has no body that could give the format,
 * `IMSG_ERROR_CORRUPT_DATA` when it has one that cannot be read, `IMSG_ERROR_CLOSED` once @self is
 * closed, and with `G_IO_ERROR` codes.
 * Source: [MS-OXBBODY] 2.1; [MS-OXCMSG] 2.2.1.58; [MS-OXRTFEX].
 *
 * Returns: (transfer full): the body
 * Since: 1.0
 */
IMsgBody *
imsg_message_read_body (IMsgMessage     *self,
                        IMsgBodyFormat   format,
                        GCancellable    *cancellable,
                        GError         **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (format >= IMSG_BODY_FORMAT_TEXT && format <= IMSG_BODY_FORMAT_HTML, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return read_body (self, format, FALSE, 0, cancellable, error);
}

/**
 * imsg_message_read_body_with_code_page:
 * @self: a message
 * @format: the format wanted
 * @code_page: a Windows code page, or 0 to choose as [method@IMsg.Message.read_body] does
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Reads a body that the message stores in a format, with nothing converted.
 *
 * The code page is that of 8-bit text and of HTML bytes; what is stored as Unicode, and RTF, are
 * what they are.
 *
 * Fails with `IMSG_ERROR_UNKNOWN_CODE_PAGE`, and as [method@IMsg.Message.read_body] does.
 *
 * Returns: (transfer full): the body
 * Since: 1.0
 */
IMsgBody *
imsg_message_read_body_with_code_page (IMsgMessage     *self,
                                       IMsgBodyFormat   format,
                                       guint            code_page,
                                       GCancellable    *cancellable,
                                       GError         **error)
{
  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);
  g_return_val_if_fail (format >= IMSG_BODY_FORMAT_TEXT && format <= IMSG_BODY_FORMAT_HTML, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  if (code_page != 0 && !_imsg_code_page_is_known (code_page))
    {
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNKNOWN_CODE_PAGE,
                   "Code page %u is not known", code_page);
      return NULL;
    }
  return read_body (self, format, TRUE, code_page, cancellable, error);
}

/**
 * imsg_message_get_body:
 * @self: a message
 * @format: the format wanted
 * @cancellable: (nullable): a cancellable
 * @error: return location for an error
 *
 * Gives the body of a message in a format, as text.
 *
 * It is [method@IMsg.Message.read_body] and [method@IMsg.Body.dup_text] in one, and fails as the
 * former does.
 *
 * Returns: (transfer full): UTF-8
 * Since: 1.0
 */
char *
imsg_message_get_body (IMsgMessage     *self,
                       IMsgBodyFormat   format,
                       GCancellable    *cancellable,
                       GError         **error)
{
  g_autoptr(IMsgBody) body = NULL;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), NULL);

  body = imsg_message_read_body (self, format, cancellable, error);
  return body != NULL ? imsg_body_dup_text (body) : NULL;
}

/* Whether a text property has more than the NULs that may end it. */
static gboolean
has_content (IMsgMessage *message,
             guint32      tag)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  guint32 stored_tag = imsg_property_object_find_tag (object, tag);
  g_autoptr(GBytes) raw = NULL;
  const guint8 *bytes;
  gsize n_bytes;

  if (stored_tag == 0)
    return FALSE;
  if (imsg_property_object_get_value_size (object, stored_tag) > 8)
    return TRUE;
  raw = imsg_property_object_get_raw (object, stored_tag, NULL);
  if (raw == NULL)
    return FALSE;
  bytes = g_bytes_get_data (raw, &n_bytes);
  for (gsize i = 0; i < n_bytes; i++)
    {
      if (bytes[i] != 0)
        return TRUE;
    }
  return FALSE;
}

/* [MS-OXBBODY] 2.1.3.1, with what Outlook does where that would show less. */
static int
choose_format (gboolean       has_text,
               gboolean       has_html,
               IMsgRtfContent rtf,
               gboolean       is_in_sync)
{
  gboolean has_rtf = rtf != IMSG_RTF_CONTENT_NONE;

  if (has_rtf && (is_in_sync || (!has_text && !has_html) ||
                  (!has_html && rtf == IMSG_RTF_CONTENT_HTML)))
    {
      if (rtf == IMSG_RTF_CONTENT_HTML)
        return IMSG_BODY_FORMAT_HTML;
      return rtf == IMSG_RTF_CONTENT_TEXT ? IMSG_BODY_FORMAT_TEXT : IMSG_BODY_FORMAT_RTF;
    }
  if (has_html)
    return IMSG_BODY_FORMAT_HTML;
  return has_text ? IMSG_BODY_FORMAT_TEXT : 0;
}

/**
 * imsg_message_get_native_body_format:
 * @self: a message
 * @format: (out) (optional): return location for the format
 *
 * Tells which of its bodies is the one a message was written in: the best one to show.
 *
 * `PR_NATIVE_BODY_INFO` names it where the message has that body; otherwise what is there decides,
 * and `PR_RTF_IN_SYNC`. RTF that encapsulates HTML or text counts as that.
 *
 * Source: [MS-OXBBODY] 2.1.
 *
 * Returns: %FALSE when the message has no body, or is of the class `IPM.Note.SMIME`, whose body is
 *   inside its attachment
 * Since: 1.0
 */
gboolean
imsg_message_get_native_body_format (IMsgMessage    *self,
                                     IMsgBodyFormat *format)
{
  Reading reading = { 0 };
  g_autoptr(GPtrArray) trace = NULL;
  g_autoptr(GPtrArray) problems = NULL;
  g_autoptr(GBytes) head = NULL;
  IMsgRtfContent rtf;
  IMsgPropertyObject *object;
  const char *message_class;
  gboolean has_text;
  gboolean has_html;
  int chosen = 0;

  g_return_val_if_fail (IMSG_IS_MESSAGE (self), FALSE);

  object = IMSG_PROPERTY_OBJECT (self);
  message_class = imsg_message_get_message_class (self);
  if (message_class != NULL && g_ascii_strcasecmp (message_class, "IPM.Note.SMIME") == 0)
    return FALSE;

  trace = g_ptr_array_new_with_free_func (g_free);
  problems = _imsg_problem_list_new ();
  reading.message = self;
  reading.trace = trace;
  reading.problems = problems;
  head = read_stored_rtf (&reading, TRUE, NULL);
  rtf = get_rtf_content (head);
  has_text = has_content (self, IMSG_PR_BODY);
  has_html = has_content (self, IMSG_PR_HTML);

  switch (imsg_property_object_get_int (object, IMSG_PR_NATIVE_BODY_INFO))
    {
    case IMSG_BODY_FORMAT_TEXT:
      if (has_text || rtf == IMSG_RTF_CONTENT_TEXT)
        chosen = IMSG_BODY_FORMAT_TEXT;
      break;
    case IMSG_BODY_FORMAT_RTF:
      if (rtf != IMSG_RTF_CONTENT_NONE)
        chosen = choose_format (FALSE, FALSE, rtf, TRUE);
      break;
    case IMSG_BODY_FORMAT_HTML:
      if (has_html || rtf == IMSG_RTF_CONTENT_HTML)
        chosen = IMSG_BODY_FORMAT_HTML;
      break;
    default:
      break;
    }
  if (chosen == 0)
    chosen = choose_format (has_text, has_html, rtf,
                            imsg_property_object_get_boolean (object, IMSG_PR_RTF_IN_SYNC));
  if (chosen == 0)
    return FALSE;
  if (format != NULL)
    *format = chosen;
  return TRUE;
}

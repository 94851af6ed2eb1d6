/* imsg-body-read.c - the body of a message in any format, converted where it must be
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-body-private.h"
#include "imsg-body-source-private.h"

#include "imsg-attachment.h"
#include "imsg-code-page-private.h"
#include "imsg-html-private.h"
#include "imsg-problem-private.h"
#include "imsg-property-tags.h"
#include "imsg-rtf-private.h"

#include <glib/gi18n-lib.h>

/* What PR_RENDERING_POSITION is for what has no place in the text */
#define NO_POSITION 0xFFFFFFFFu

/* What is found of a body, and how */
typedef struct
{
  IMsgBodyReading *reading;
  IMsgBodyOrigin   origin;
  guint            code_page;  /* that the stored bytes were read in */
} Search;

/* The bytes of a body; NULL without an error when there is nothing. */
typedef GBytes *(*FindFunc) (Search  *search,
                             GError **error);

/* Conversions, UTF-8 on both sides */

typedef char *(*ConvertTextFunc) (const char *text,
                                  gsize       length,
                                  gsize       max_bytes,
                                  gsize      *length_out,
                                  GPtrArray  *problems);
typedef char *(*ConvertRtfFunc)  (const guint8  *rtf,
                                  gsize          n_bytes,
                                  gsize          max_bytes,
                                  GPtrArray     *object_names,
                                  gsize         *length,
                                  GPtrArray     *problems,
                                  GError       **error);

static GBytes *
convert_text (Search          *search,
              GBytes          *bytes,
              ConvertTextFunc  func)
{
  IMsgBodyReading *reading = search->reading;
  gsize n_bytes;
  const char *text = g_bytes_get_data (bytes, &n_bytes);
  gsize length;
  char *converted = func (text, n_bytes,
                          _imsg_body_reading_get_limit (reading, IMSG_LIMIT_HTML_BYTES), &length,
                          reading->problems);

  return g_bytes_new_take (converted, length);
}

/* NULs in the middle are left out: they end nothing but a string of C. */
static GBytes *
encapsulate (GBytes *bytes,
             GBytes *(*func) (const char *text))
{
  gsize n_bytes;
  const char *data = g_bytes_get_data (bytes, &n_bytes);
  g_autofree char *text = g_malloc (n_bytes + 1);
  gsize length = 0;

  for (gsize i = 0; i < n_bytes; i++)
    if (data[i] != '\0')
      text[length++] = data[i];
  text[length] = '\0';
  return func (text);
}

/* Attachments that RTF shows inside its text have a position there; those of mail have none. */
typedef struct
{
  guint32  position;
  char    *name;
} PlacedObject;

static void
placed_object_clear (gpointer data)
{
  g_free (((PlacedObject *) data)->name);
}

static int
compare_positions (gconstpointer a,
                   gconstpointer b)
{
  const PlacedObject *left = a;
  const PlacedObject *right = b;

  return left->position < right->position ? -1 : left->position > right->position;
}

/* Their names in the order of their places */
static GPtrArray *
list_placed_objects (IMsgMessage *message)
{
  GListModel *attachments = imsg_message_get_attachments (message);
  g_autoptr(GArray) objects = g_array_new (FALSE, FALSE, sizeof (PlacedObject));
  GPtrArray *names = g_ptr_array_new_with_free_func (g_free);

  g_array_set_clear_func (objects, placed_object_clear);
  for (guint i = 0; i < g_list_model_get_n_items (attachments); i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);
      IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (attachment);
      PlacedObject placed;
      const char *name;

      placed.position = imsg_property_object_get_int (object, IMSG_PR_RENDERING_POSITION);
      if (imsg_attachment_is_hidden (attachment) || placed.position == NO_POSITION ||
          !imsg_property_object_has_value (object, IMSG_PR_RENDERING_POSITION))
        continue;
      name = imsg_attachment_get_file_name (attachment);
      placed.name = name != NULL ? g_strdup (name) : g_strdup_printf ("attachment %u", i + 1);
      g_array_append_val (objects, placed);
    }
  g_array_sort (objects, compare_positions);
  for (guint i = 0; i < objects->len; i++)
    g_ptr_array_add (names, g_strdup (g_array_index (objects, PlacedObject, i).name));
  return names;
}

static GBytes *
convert_rtf (Search          *search,
             ConvertRtfFunc   func,
             GError         **error)
{
  IMsgBodyReading *reading = search->reading;
  g_autoptr(GBytes) rtf = _imsg_body_reading_read_rtf (reading, error);
  g_autoptr(GPtrArray) names = NULL;
  gsize n_bytes;
  const guint8 *bytes;
  gsize length = 0;
  char *text;

  if (rtf == NULL)
    return NULL;
  if (imsg_rtf_get_content (rtf) == IMSG_RTF_CONTENT_RICH_TEXT)
    names = list_placed_objects (reading->message);
  bytes = g_bytes_get_data (rtf, &n_bytes);
  text = func (bytes, n_bytes, _imsg_body_reading_get_limit (reading, IMSG_LIMIT_HTML_BYTES),
               names, &length, reading->problems, NULL);
  return text != NULL ? g_bytes_new_take (text, length) : NULL;
}

/* What is stored */

static GBytes *
find_text (Search  *search,
           GError **error)
{
  return _imsg_body_reading_read_text (search->reading, &search->code_page, error);
}

static GBytes *
find_html (Search  *search,
           GError **error)
{
  return _imsg_body_reading_read_html (search->reading, &search->code_page, error);
}

static GBytes *
find_rtf (Search  *search,
          GError **error)
{
  return _imsg_body_reading_read_rtf (search->reading, error);
}

/* The same of what is stored in another format */

static GBytes *
make_text (Search  *search,
           GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) html = NULL;
  IMsgRtfContent content = _imsg_body_reading_peek_rtf (search->reading, &local_error);

  if (local_error == NULL && content != IMSG_RTF_CONTENT_TEXT)
    html = find_html (search, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  search->code_page = IMSG_CODE_PAGE_UTF8;
  if (html != NULL)
    {
      search->origin = IMSG_BODY_ORIGIN_HTML;
      _imsg_body_reading_add_step (search->reading, _("The text was made of the HTML"));
      return convert_text (search, html, _imsg_html_to_text);
    }
  if (content == IMSG_RTF_CONTENT_NONE)
    return NULL;
  search->origin = IMSG_BODY_ORIGIN_RTF;
  _imsg_body_reading_add_step (search->reading,
                               content == IMSG_RTF_CONTENT_TEXT
                                 ? _("The text was encapsulated in the RTF")
                                 : _("The text was made of the RTF"));
  return convert_rtf (search, _imsg_rtf_to_text_with_objects, error);
}

/* Whether a program that knows no RTF changed the text, and said so. HTML that RTF encapsulates is
 * what Outlook shows all the same. */
static gboolean
is_rtf_stale (Search         *search,
              IMsgRtfContent  content)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (search->reading->message);

  if (content != IMSG_RTF_CONTENT_RICH_TEXT ||
      !imsg_property_object_has_value (object, IMSG_PR_RTF_IN_SYNC) ||
      imsg_property_object_get_boolean (object, IMSG_PR_RTF_IN_SYNC) ||
      imsg_property_object_get_int (object, IMSG_PR_NATIVE_BODY_INFO) == IMSG_BODY_FORMAT_RTF ||
      !_imsg_body_reading_has_content (search->reading, IMSG_PR_BODY))
    return FALSE;
  _imsg_body_reading_add_step (search->reading,
                               _("PR_RTF_IN_SYNC says that the text is newer than the RTF"));
  return TRUE;
}

static GBytes *
make_html (Search  *search,
           GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) text = NULL;
  IMsgRtfContent content = _imsg_body_reading_peek_rtf (search->reading, &local_error);

  if (local_error == NULL &&
      (content == IMSG_RTF_CONTENT_NONE || is_rtf_stale (search, content)))
    text = find_text (search, &local_error);
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  search->code_page = IMSG_CODE_PAGE_UTF8;
  if (text != NULL)
    {
      search->origin = IMSG_BODY_ORIGIN_TEXT;
      _imsg_body_reading_add_step (search->reading, _("The HTML was made of the text"));
      return convert_text (search, text, _imsg_html_from_text);
    }
  if (content == IMSG_RTF_CONTENT_NONE)
    return NULL;
  search->origin = IMSG_BODY_ORIGIN_RTF;
  _imsg_body_reading_add_step (search->reading,
                               content == IMSG_RTF_CONTENT_HTML
                                 ? _("The HTML was encapsulated in the RTF")
                                 : _("The HTML was made of the RTF"));
  return convert_rtf (search, _imsg_rtf_to_html_with_objects, error);
}

static GBytes *
make_rtf (Search  *search,
          GError **error)
{
  g_autoptr(GError) local_error = NULL;
  g_autoptr(GBytes) html = find_html (search, &local_error);
  g_autoptr(GBytes) text = NULL;

  if (html == NULL && local_error == NULL)
    text = find_text (search, &local_error);
  search->code_page = 0;
  if (local_error != NULL)
    {
      g_propagate_error (error, g_steal_pointer (&local_error));
      return NULL;
    }
  search->origin = html != NULL ? IMSG_BODY_ORIGIN_HTML : IMSG_BODY_ORIGIN_TEXT;
  if (html != NULL)
    return encapsulate (html, imsg_rtf_from_html);
  return text != NULL ? encapsulate (text, imsg_rtf_from_text) : NULL;
}

static const struct
{
  FindFunc    find;
  FindFunc    make;
  const char *not_stored; /* what is told then, to be looked up */
  const char *not_had;
} formats[] = {
  [IMSG_BODY_FORMAT_TEXT] = { find_text, make_text, N_("The message stores no text body"),
                              N_("The message has no body that could be had as text") },
  [IMSG_BODY_FORMAT_RTF] = { find_rtf, make_rtf, N_("The message stores no RTF body"),
                             N_("The message has no body that could be had as RTF") },
  [IMSG_BODY_FORMAT_HTML] = { find_html, make_html, N_("The message stores no HTML body"),
                              N_("The message has no body that could be had as HTML") },
};

static IMsgBody *
read_body (IMsgMessage     *message,
           IMsgBodyFormat   format,
           gboolean         only_stored,
           guint            asked_code_page,
           GCancellable    *cancellable,
           GError         **error)
{
  g_auto(IMsgBodyReading) reading = { 0 };
  Search search = { &reading, IMSG_BODY_ORIGIN_STORED, 0 };
  g_autoptr(GError) local_error = NULL;
  GBytes *bytes;

  if (imsg_property_object_is_closed (IMSG_PROPERTY_OBJECT (message)))
    {
      g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_CLOSED, _("The message is closed"));
      return NULL;
    }
  _imsg_body_reading_init (&reading, message, cancellable);
  reading.code_page = asked_code_page;
  bytes = formats[format].find (&search, &local_error);
  if (bytes == NULL && local_error == NULL && !only_stored)
    bytes = formats[format].make (&search, &local_error);

  if (bytes == NULL)
    {
      if (local_error != NULL)
        g_propagate_error (error, g_steal_pointer (&local_error));
      else if (reading.problems->len > 0)
        g_set_error_literal (error, IMSG_ERROR, imsg_problem_get_code (reading.problems->pdata[0]),
                             imsg_problem_get_text (reading.problems->pdata[0]));
      else
        g_set_error_literal (error, IMSG_ERROR, IMSG_ERROR_NOT_FOUND,
                             _(only_stored ? formats[format].not_stored : formats[format].not_had));
      return NULL;
    }
  return _imsg_body_new (format, search.origin, bytes, search.code_page,
                         g_steal_pointer (&reading.trace), g_steal_pointer (&reading.problems));
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
 * - HTML is `PR_HTML` (bytes or text), else what the RTF encapsulates, else made of the RTF, or of
 *   the text where there is none or `PR_RTF_IN_SYNC` says that it is older than the text.
 * - RTF is `PR_RTF_COMPRESSED`, else HTML or text encapsulated in RTF.
 *
 * An empty body counts as none.
 *
 * The bytes of `PR_HTML` are read in the code page of their byte order mark, of
 * `PR_INTERNET_CPID`, of their `meta` element, in UTF-8 when they are that, or in the code page of
 * the message's text, the first of these in which most of them can be read. What is plainly UTF-16,
 * ISO 2022 or UTF-8 is read so whatever is declared.
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
      g_set_error (error, IMSG_ERROR, IMSG_ERROR_UNKNOWN_CODE_PAGE, _("Code page %u is not known"),
                   code_page);
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

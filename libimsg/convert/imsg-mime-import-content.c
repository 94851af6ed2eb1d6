/* imsg-mime-import-content.c - the bodies of an imported message ([MS-OXCMAIL] 2.2.3)
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-body-private.h"
#include "imsg-code-page-private.h"
#include "imsg-content-lines-private.h"
#include "imsg-html-private.h"
#include "imsg-icalendar-private.h"
#include "imsg-message-private.h"
#include "imsg-mime-import-private.h"
#include "imsg-mime-private.h"
#include "imsg-property-tags.h"
#include "imsg-text-lines-private.h"

#include <glib/gi18n-lib.h>
#include <inttypes.h>

/* Multiparts inside one another that are followed; deeper ones become an attachment as they are. */
#define MAX_MULTIPART_DEPTH 64

#define CODE_PAGE_UTF32LE 12000
#define CODE_PAGE_UTF32BE 12001
#define CODE_PAGE_ASCII 20127

/* The bodies found so far; unowned. */
typedef struct
{
  GMimePart *plain;
  GMimePart *html;
  GMimeObject *related; /* what the HTML is the root of, or NULL */
  GMimePart *enriched;
  GMimePart *calendar;
  GPtrArray *candidates; /* (element-type IMsgAttachment): what the HTML may show */
  guint      n_found;    /* plain, HTML and enriched */
  gboolean   is_closed;  /* what comes is no other form of the same text */
} Bodies;

static gboolean
has_disposition (GMimeObject *part,
                 const char  *name)
{
  const char *disposition = g_mime_object_get_disposition (part);

  return disposition != NULL && g_ascii_strcasecmp (disposition, name) == 0;
}

/* A name and no word of what it is there for. */
static gboolean
is_only_named (GMimeObject *part)
{
  return g_mime_object_get_disposition (part) == NULL && GMIME_IS_PART (part) &&
         g_mime_part_get_filename (GMIME_PART (part)) != NULL;
}

/* A calendar that is meant to be answered or taken over, not a file of one: with a method it may
 * have a name as well. */
static gboolean
is_invitation (GMimeObject *part)
{
  return _imsg_mime_is_type (part, "text", "calendar") && !has_disposition (part, "attachment") &&
         (!is_only_named (part) ||
          g_mime_object_get_content_type_parameter (part, "method") != NULL);
}

typedef struct
{
  IMsgMimeImport *import;
  IMsgMessage    *message;
} TakeFile;

static gboolean
take_file_cb (const char  *name,
              GBytes      *bytes,
              gpointer     user_data,
              GError     **error)
{
  const TakeFile *take = user_data;

  return _imsg_mime_import_file (take->import, take->message, name, bytes, error);
}

static gboolean
has_parameter (GMimePart  *part,
               const char *name,
               const char *value)
{
  const char *own = g_mime_object_get_content_type_parameter (GMIME_OBJECT (part), name);

  return own != NULL && g_ascii_strcasecmp (own, value) == 0;
}

static gboolean
set_plain (IMsgMimeImport *import,
           IMsgMessage    *message,
           GMimePart      *part,
           GError        **error)
{
  g_autoptr(GBytes) bytes =
    _imsg_mime_read_part (part, imsg_limit_get_default (IMSG_LIMIT_HTML_BYTES), error);
  g_autoptr(GBytes) rest = NULL;
  TakeFile take = { import, message };
  g_autofree char *text = NULL;
  g_autofree char *lines = NULL;

  if (bytes == NULL)
    return FALSE;
  rest = _imsg_mime_split_text (bytes, take_file_cb, &take, error);
  if (rest == NULL)
    return FALSE;
  text = _imsg_mime_decode_text (
    rest, g_mime_object_get_content_type_parameter (GMIME_OBJECT (part), "charset"));
  lines = has_parameter (part, "format", "flowed")
            ? _imsg_mime_unflow (text, has_parameter (part, "delsp", "yes"))
            : _imsg_text_end_lines (text, "\r\n");
  return imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY, lines,
                                          error);
}

/* What relative references inside a part, or what is around it, start from (RFC 2557 5). */
static const char *
get_location (GMimeObject *object)
{
  static const char *const headers[] = { "Content-Location", "Content-Base" };

  for (guint i = 0; i < G_N_ELEMENTS (headers) && object != NULL; i++)
    {
      const char *value = g_mime_object_get_header (object, headers[i]);

      if (value != NULL && *value != '\0')
        return value;
    }
  return NULL;
}

static gboolean
set_html_ids (IMsgMessage  *message,
              const Bodies *bodies,
              GError      **error)
{
  const char *id = g_mime_object_get_content_id (GMIME_OBJECT (bodies->html));
  const char *location = get_location (GMIME_OBJECT (bodies->html));
  g_autofree char *valid_id = NULL;
  g_autofree char *valid_location = NULL;

  if (location == NULL)
    location = get_location (bodies->related);
  valid_id = id != NULL ? g_utf8_make_valid (id, -1) : NULL;
  valid_location = location != NULL ? g_strstrip (g_utf8_make_valid (location, -1)) : NULL;
  return _imsg_mime_set_text (message, IMSG_PR_BODY_CONTENT_ID, valid_id, error) &&
         _imsg_mime_set_text (message, IMSG_PR_BODY_CONTENT_LOCATION, valid_location, error);
}

/* What the part says it is in, else what the HTML does or looks like, if it can be that: us-ascii
 * is said by many who know no better. */
static guint
choose_html_page (GMimePart *part,
                  GBytes    *html)
{
  const char *charset = g_mime_object_get_content_type_parameter (GMIME_OBJECT (part), "charset");
  guint named = charset != NULL ? _imsg_code_page_from_charset (charset) : 0;
  g_autoptr(GPtrArray) trace = g_ptr_array_new_with_free_func (g_free);
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (html, &n_bytes);
  guint page;

  /* the byte order mark of UTF-32 begins like that of UTF-16 */
  if (named == CODE_PAGE_UTF32LE || named == CODE_PAGE_UTF32BE)
    return named;
  if (named == CODE_PAGE_ASCII)
    named = 0;
  page = _imsg_html_choose_code_page (bytes, n_bytes, "charset", named, IMSG_CODE_PAGE_WINDOWS_1252,
                                      trace);
  if (page == _imsg_code_page_widen (named))
    return named;
  return _imsg_ascii_prefix (bytes, n_bytes) == n_bytes && page == IMSG_CODE_PAGE_WINDOWS_1252
           ? IMSG_CODE_PAGE_UTF8
           : page;
}

/* The bytes as they are, with the code page that says how to read them. What is not built on ASCII
 * becomes UTF-8: Outlook reads no such PR_HTML. */
static gboolean
set_html (IMsgMessage *message,
          GMimePart   *part,
          GError     **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GBytes) bytes =
    _imsg_mime_read_part (part, imsg_limit_get_default (IMSG_LIMIT_HTML_BYTES), error);
  g_autoptr(GBytes) html = NULL;
  guint code_page;

  if (bytes == NULL)
    return FALSE;
  code_page = choose_html_page (part, bytes);
  if (_imsg_code_page_has_ascii (code_page))
    html = g_bytes_ref (bytes);
  else
    {
      gsize n_bytes;
      const void *data = g_bytes_get_data (bytes, &n_bytes);
      char *text = _imsg_code_page_decode (code_page, data, n_bytes, &n_bytes, NULL);
      g_autoptr(GBytes) decoded = g_bytes_new_take (text, n_bytes);

      html = _imsg_html_declare_utf8 (decoded);
      code_page = IMSG_CODE_PAGE_UTF8;
    }
  return imsg_property_object_set_bytes (object, IMSG_PR_HTML, html, error) &&
         imsg_property_object_set_int (object, IMSG_PR_INTERNET_CPID, code_page, error) &&
         imsg_property_object_set_int (object, IMSG_PR_NATIVE_BODY_INFO, 3, error);
}

static gboolean
set_enriched (IMsgMimeImport *import,
              IMsgMessage    *message,
              GMimePart      *part,
              GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  g_autoptr(GBytes) bytes =
    _imsg_mime_read_part (part, imsg_limit_get_default (IMSG_LIMIT_HTML_BYTES) / 8, error);
  g_autofree char *text = NULL;
  g_autofree char *html = NULL;
  g_autoptr(GBytes) html_bytes = NULL;

  if (bytes == NULL)
    return FALSE;
  text = _imsg_mime_decode_text (
    bytes, g_mime_object_get_content_type_parameter (GMIME_OBJECT (part), "charset"));
  html = _imsg_mime_enriched_to_html (text, _imsg_mime_is_type (GMIME_OBJECT (part), "text",
                                                                "richtext"));
  html_bytes = g_bytes_new (html, strlen (html));
  return imsg_property_object_set_bytes (object, IMSG_PR_HTML, html_bytes, error) &&
         imsg_property_object_set_int (object, IMSG_PR_INTERNET_CPID, IMSG_CODE_PAGE_UTF8, error) &&
         imsg_property_object_set_int (object, IMSG_PR_NATIVE_BODY_INFO, 3, error);
}

static gboolean
set_bodies (IMsgMimeImport *import,
            IMsgMessage    *message,
            const Bodies   *bodies,
            GError        **error)
{
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (message);
  gboolean has_html = bodies->html != NULL || bodies->enriched != NULL;
  g_autofree char *text = NULL;

  if (bodies->html != NULL && (!set_html (message, bodies->html, error) ||
                               !set_html_ids (message, bodies, error)))
    return FALSE;
  if (bodies->enriched != NULL &&
      !(bodies->html == NULL
          ? set_enriched (import, message, bodies->enriched, error)
          : _imsg_mime_import_attachment (import, message, GMIME_OBJECT (bodies->enriched), NULL,
                                          error)))
    return FALSE;
  if (bodies->plain != NULL)
    {
      if (!set_plain (import, message, bodies->plain, error))
        return FALSE;
      return has_html ||
             (imsg_property_object_set_int (object, IMSG_PR_INTERNET_CPID, IMSG_CODE_PAGE_UTF8,
                                            error) &&
              imsg_property_object_set_int (object, IMSG_PR_NATIVE_BODY_INFO, 1, error));
    }
  if (!has_html)
    return TRUE;
  /* readers that know no HTML still find something */
  text = imsg_message_get_body (message, IMSG_BODY_FORMAT_TEXT, import->cancellable, NULL);
  return text == NULL || imsg_property_object_set_string (object, IMSG_PR_BODY, text, error);
}

/* --- walking the tree --- */

gboolean
_imsg_mime_count_part (IMsgMimeImport  *import,
                       GError         **error)
{
  if (++import->n_parts <= import->max_parts)
    return TRUE;
  g_set_error (error, IMSG_ERROR, IMSG_ERROR_TOO_BIG,
               g_dngettext (GETTEXT_PACKAGE,
                            "The message has more than %" PRIu64 " part",
                            "The message has more than %" PRIu64 " parts",
                            import->max_parts),
               import->max_parts);
  return FALSE;
}

static gboolean import_object (IMsgMimeImport *import,
                               IMsgMessage    *message,
                               GMimeObject    *object,
                               Bodies         *bodies,
                               guint           depth,
                               gboolean        is_related,
                               GError        **error);

static gboolean
is_enriched (GMimeObject *part)
{
  return _imsg_mime_is_type (part, "text", "enriched") ||
         _imsg_mime_is_type (part, "text", "richtext");
}

/* Whether it is HTML to be read, or holds it. */
static gboolean
has_html (GMimeObject *object,
          guint        depth)
{
  gboolean is_found = FALSE;

  if (object != NULL && GMIME_IS_MULTIPART (object) && depth <= MAX_MULTIPART_DEPTH)
    {
      int n_parts = g_mime_multipart_get_count (GMIME_MULTIPART (object));

      for (int i = 0; i < n_parts && !is_found; i++)
        is_found = has_html (g_mime_multipart_get_part (GMIME_MULTIPART (object), i), depth + 1);
      return is_found;
    }
  return _imsg_mime_is_type (object, "text", "html") && !has_disposition (object, "attachment");
}

/* The richest form of an alternative: the last that is HTML, else enriched, else plain; -1 for none
 * of these. */
static int
choose_form (GMimeMultipart *multipart,
             guint           depth)
{
  int n_parts = g_mime_multipart_get_count (multipart);

  for (int i = n_parts - 1; i >= 0; i--)
    if (has_html (g_mime_multipart_get_part (multipart, i), depth + 1))
      return i;
  for (int i = n_parts - 1; i >= 0; i--)
    if (is_enriched (g_mime_multipart_get_part (multipart, i)))
      return i;
  for (int i = 0; i < n_parts; i++)
    if (_imsg_mime_is_type (g_mime_multipart_get_part (multipart, i), "text", "plain"))
      return i;
  return -1;
}

/* The same text once more for readers of another kind, and no file of the sender. A second plain
 * one cannot be that. */
static gboolean
is_other_form (GMimeObject *part)
{
  return GMIME_IS_PART (part) && _imsg_mime_is_type (part, "text", "*") &&
         !_imsg_mime_is_type (part, "text", "plain") &&
         !_imsg_mime_is_type (part, "text", "calendar") && !has_disposition (part, "attachment") &&
         g_mime_part_get_filename (GMIME_PART (part)) == NULL;
}

/* The richest form and the plain one beside it, wherever they stand ([MS-OXCMAIL] 2.2.3.3.2.1); of
 * one that is an attachment as a whole the richest alone. */
static gboolean
import_alternative (IMsgMimeImport *import,
                    IMsgMessage    *message,
                    GMimeMultipart *multipart,
                    Bodies         *bodies,
                    guint           depth,
                    GError        **error)
{
  int n_parts = g_mime_multipart_get_count (multipart);
  int chosen = choose_form (multipart, depth);
  gboolean was_closed = bodies->is_closed;
  /* one around it has the plain form already, or what it is an alternative to is no letter */
  gboolean has_plain = was_closed || bodies->plain != NULL;

  for (int i = 0; i < n_parts; i++)
    {
      GMimeObject *part = g_mime_multipart_get_part (multipart, i);

      if (i != chosen && chosen >= 0 &&
          (is_other_form (part) || (has_plain && _imsg_mime_is_type (part, "text", "plain"))))
        {
          if (!_imsg_mime_count_part (import, error))
            return FALSE;
          continue;
        }
      bodies->is_closed = was_closed || (i != chosen && has_html (part, depth + 1));
      if (!import_object (import, message, part, bodies, depth + 1, FALSE, error))
        return FALSE;
    }
  bodies->is_closed = was_closed;
  return TRUE;
}

/* What the others belong to (RFC 2387 3.2): the part that is named, else the first, but for a
 * picture that some mailers put in front of the HTML. */
static int
find_root (GMimeMultipart *multipart,
           guint           depth)
{
  const char *start = g_mime_object_get_content_type_parameter (GMIME_OBJECT (multipart), "start");
  g_autofree char *start_id = start != NULL ? g_mime_utils_decode_message_id (start) : NULL;
  int n_parts = g_mime_multipart_get_count (multipart);
  GMimeObject *first = n_parts > 0 ? g_mime_multipart_get_part (multipart, 0) : NULL;

  for (int i = n_parts - 1; i >= 0 && start_id != NULL; i--)
    {
      const char *id = g_mime_object_get_content_id (g_mime_multipart_get_part (multipart, i));

      if (g_strcmp0 (id, start_id) == 0)
        return i;
    }
  if (_imsg_mime_is_type (first, "text", "*") || _imsg_mime_is_type (first, "multipart", "*"))
    return 0;
  for (int i = 1; i < n_parts; i++)
    if (has_html (g_mime_multipart_get_part (multipart, i), depth + 1))
      return i;
  return 0;
}

static gboolean
import_related (IMsgMimeImport *import,
                IMsgMessage    *message,
                GMimeMultipart *multipart,
                Bodies         *bodies,
                guint           depth,
                GError        **error)
{
  int n_parts = g_mime_multipart_get_count (multipart);
  const GMimePart *html = bodies->html;
  int root = find_root (multipart, depth);

  if (n_parts > 0 && !import_object (import, message, g_mime_multipart_get_part (multipart, root),
                                     bodies, depth + 1, FALSE, error))
    return FALSE;
  if (bodies->html != html && bodies->related == NULL)
    bodies->related = GMIME_OBJECT (multipart);
  for (int i = 0; i < n_parts; i++)
    if (i != root && !import_object (import, message, g_mime_multipart_get_part (multipart, i),
                                     bodies, depth + 1, TRUE, error))
      return FALSE;
  return TRUE;
}

/* Of the two forks of a Macintosh's file the one that is the file to all others; the first part
 * when both call themselves the other fork. */
static GMimeObject *
find_data_fork (GMimeMultipart *multipart)
{
  int n_parts = g_mime_multipart_get_count (multipart);

  for (int i = 0; i < n_parts; i++)
    if (!_imsg_mime_is_type (g_mime_multipart_get_part (multipart, i), "application", "applefile"))
      return g_mime_multipart_get_part (multipart, i);
  return n_parts > 0 ? g_mime_multipart_get_part (multipart, 0) : NULL;
}

/* The first that holds a body holds all forms of it. */
static gboolean
import_mixed (IMsgMimeImport *import,
              IMsgMessage    *message,
              GMimeMultipart *multipart,
              Bodies         *bodies,
              guint           depth,
              GError        **error)
{
  int n_parts = g_mime_multipart_get_count (multipart);

  for (int i = 0; i < n_parts; i++)
    {
      guint n_found = bodies->n_found;

      if (!import_object (import, message, g_mime_multipart_get_part (multipart, i), bodies,
                          depth + 1, FALSE, error))
        return FALSE;
      bodies->is_closed |= bodies->n_found > n_found;
    }
  return TRUE;
}

/* A multipart without parts has no boundary, or a wrong one: what GMime takes for the text in front
 * of them is all there is. */
static void
mend_multipart (GMimeMultipart *multipart)
{
  const char *text = g_mime_multipart_get_prologue (multipart);
  g_autoptr(GObject) stream = NULL;
  g_autoptr(GObject) content = NULL;
  g_autoptr(GObject) part = NULL;

  if (g_mime_multipart_get_count (multipart) > 0 || text == NULL ||
      text[strspn (text, " \t\r\n")] == '\0')
    return;
  stream = G_OBJECT (g_mime_stream_mem_new_with_buffer (text, strlen (text)));
  content = G_OBJECT (g_mime_data_wrapper_new_with_stream (GMIME_STREAM (stream),
                                                           GMIME_CONTENT_ENCODING_8BIT));
  part = G_OBJECT (g_mime_part_new_with_type ("text", "plain"));
  g_mime_part_set_content (GMIME_PART (part), GMIME_DATA_WRAPPER (content));
  g_mime_multipart_add (multipart, GMIME_OBJECT (part));
}

/* A list that puts a footer below makes a part of what was signed; only the whole of an e-mail is kept
 * byte for byte. */
static void
tell_signed (IMsgMessage *message,
             GMimeObject *object,
             guint        depth)
{
  if (depth > 0 && _imsg_mime_is_type (object, "multipart", "signed") &&
      !_imsg_mime_class_is (message, "IPM.Note.SMIME"))
    _imsg_message_add_problem (message,
                               _imsg_problem_new ("multipart/signed", IMSG_ERROR_NO_SUPPORT,
                                                  _("The signature of a part is kept, but not each "
                                                    "byte that was signed")));
}

static gboolean
import_multipart (IMsgMimeImport *import,
                  IMsgMessage    *message,
                  GMimeMultipart *multipart,
                  Bodies         *bodies,
                  guint           depth,
                  GError        **error)
{
  GMimeObject *object = GMIME_OBJECT (multipart);

  if (depth > MAX_MULTIPART_DEPTH)
    return _imsg_mime_import_attachment (import, message, object, NULL, error);
  mend_multipart (multipart);
  tell_signed (message, object, depth);
  if (_imsg_mime_is_type (object, "multipart", "alternative"))
    return import_alternative (import, message, multipart, bodies, depth, error);
  if (_imsg_mime_is_type (object, "multipart", "related"))
    return import_related (import, message, multipart, bodies, depth, error);
  if (_imsg_mime_is_type (object, "multipart", "appledouble"))
    return import_object (import, message, find_data_fork (multipart), bodies, depth + 1, FALSE,
                          error);
  return import_mixed (import, message, multipart, bodies, depth, error);
}

/* A text becomes the body, or another form of it; not when it is marked as a file, or stands behind
 * one and has a name. */
static gboolean
take_body (IMsgMessage *message,
           GMimePart   *part,
           Bodies      *bodies)
{
  GMimeObject *object = GMIME_OBJECT (part);
  GMimePart **place = NULL;

  if (bodies->is_closed || has_disposition (object, "attachment") ||
      (is_only_named (object) &&
       g_list_model_get_n_items (imsg_message_get_attachments (message)) > 0))
    return FALSE;
  if (_imsg_mime_is_type (object, "text", "html"))
    place = &bodies->html;
  else if (is_enriched (object) && bodies->html == NULL)
    place = &bodies->enriched;
  else if (_imsg_mime_is_type (object, "text", "plain"))
    place = &bodies->plain;
  if (place == NULL || *place != NULL)
    return FALSE;
  *place = part;
  bodies->n_found++;
  return TRUE;
}

static gboolean
import_object (IMsgMimeImport *import,
               IMsgMessage    *message,
               GMimeObject    *object,
               Bodies         *bodies,
               guint           depth,
               gboolean        is_related,
               GError        **error)
{
  if (g_cancellable_set_error_if_cancelled (import->cancellable, error))
    return FALSE;
  if (object == NULL)
    return TRUE;
  if (!_imsg_mime_count_part (import, error))
    return FALSE;
  _imsg_mime_mend_headers (import, object);
  if (GMIME_IS_MULTIPART (object))
    return import_multipart (import, message, GMIME_MULTIPART (object), bodies, depth, error);
  if (GMIME_IS_PART (object) && is_invitation (object) && bodies->calendar == NULL && !is_related)
    {
      bodies->calendar = GMIME_PART (object);
      return TRUE;
    }
  if (GMIME_IS_PART (object) && !is_related && take_body (message, GMIME_PART (object), bodies))
    return TRUE;
  return _imsg_mime_import_attachment (import, message, object,
                                       is_related || has_disposition (object, "inline")
                                         ? bodies->candidates
                                         : NULL,
                                       error);
}

/* Makes an appointment or meeting of a plain message; a signed one or a report stays what it is. */
static gboolean
import_calendar (IMsgMimeImport *import,
                 IMsgMessage    *message,
                 GMimePart      *part,
                 GError        **error)
{
  const char *message_class = imsg_message_get_message_class (message);
  gboolean is_whole = FALSE;

  if (g_strcmp0 (message_class, "IPM.Note") == 0)
    {
      g_autoptr(GBytes) bytes =
        _imsg_mime_read_part (part, imsg_limit_get_default (IMSG_LIMIT_HTML_BYTES), error);
      g_autoptr(GBytes) unfolded = NULL;
      g_autofree char *text = NULL;

      if (bytes == NULL)
        return FALSE;
      unfolded = _imsg_content_lines_unfold (bytes);
      text = _imsg_mime_decode_text (
        unfolded, g_mime_object_get_content_type_parameter (GMIME_OBJECT (part), "charset"));
      if (!_imsg_calendar_import (
            message, text, g_mime_object_get_content_type_parameter (GMIME_OBJECT (part), "method"),
            &is_whole, error))
        return FALSE;
    }
  return is_whole ||
         _imsg_mime_import_attachment (import, message, GMIME_OBJECT (part), NULL, error);
}

gboolean
_imsg_mime_import_content (IMsgMimeImport *import,
                           IMsgMessage    *message,
                           GMimeObject    *content,
                           GError        **error)
{
  g_autoptr(GPtrArray) candidates = g_ptr_array_new_with_free_func (g_object_unref);
  Bodies bodies = { .candidates = candidates };

  return import_object (import, message, content, &bodies, 0, FALSE, error) &&
         set_bodies (import, message, &bodies, error) &&
         _imsg_mime_mark_shown (import, message, candidates, error) &&
         (bodies.calendar == NULL || import_calendar (import, message, bodies.calendar, error));
}

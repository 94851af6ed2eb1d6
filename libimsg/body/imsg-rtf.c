/* imsg-rtf.c - what RTF holds, and HTML and text out of it
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "imsg-rtf-private.h"

#include "imsg-body-private.h"
#include "imsg-html-private.h"
#include "imsg-limits-private.h"
#include "imsg-rtf-reader-private.h"

#include <glib/gi18n-lib.h>

#define PLACE "PR_RTF_COMPRESSED"

/* [MS-OXRTFEX] 2.2.1: the mark is among the first ten tokens. */
#define MAX_HEADER_TOKENS 10

/**
 * IMsgRtfContent:
 * @IMSG_RTF_CONTENT_NONE: it is no RTF
 * @IMSG_RTF_CONTENT_RICH_TEXT: RTF for its own sake
 * @IMSG_RTF_CONTENT_HTML: HTML, encapsulated (`\fromhtml1`)
 * @IMSG_RTF_CONTENT_TEXT: plain text, encapsulated (`\fromtext`)
 *
 * What RTF holds.
 *
 * Since: 1.0
 */

typedef struct
{
  GString *out;
  gsize    max_bytes;
  gboolean was_cut;
} Extraction;

static gboolean
extraction_append (Extraction *extraction,
                   const char *text,
                   gsize       length)
{
  gsize room = extraction->max_bytes - extraction->out->len;

  if (length > room)
    {
      /* Not in the middle of a character. */
      length = room;
      while (length > 0 && ((guint8) text[length] & 0xC0) == 0x80)
        length--;
      extraction->was_cut = TRUE;
    }
  g_string_append_len (extraction->out, text, length);
  return !extraction->was_cut;
}

static gboolean
extract_text_cb (IMsgRtfReader *reader,
                 const char    *text,
                 gsize          length,
                 gpointer       user_data)
{
  return extraction_append (user_data, text, length);
}

static gboolean
extract_control_cb (IMsgRtfReader  *reader,
                    IMsgRtfControl  control,
                    gpointer        user_data)
{
  switch (control)
    {
    case IMSG_RTF_CONTROL_PARAGRAPH:
    case IMSG_RTF_CONTROL_LINE:
      return extraction_append (user_data, "\r\n", 2);
    case IMSG_RTF_CONTROL_TAB:
      return extraction_append (user_data, "\t", 1);
    default:
      return TRUE;
    }
}

static char *
extract (IMsgRtfReadMode  mode,
         const guint8    *rtf,
         gsize            n_bytes,
         gsize            max_bytes,
         gsize           *length,
         GPtrArray       *problems)
{
  IMsgRtfReader reader;
  Extraction extraction = { g_string_sized_new (n_bytes / 2 + 64), max_bytes, FALSE };

  _imsg_rtf_reader_init (&reader, mode, rtf, n_bytes, extract_text_cb, extract_control_cb,
                         &extraction, problems);
  _imsg_rtf_reader_run (&reader);
  _imsg_rtf_reader_clear (&reader);
  if (extraction.was_cut)
    _imsg_body_tell_cut (problems, PLACE, max_bytes);
  *length = extraction.out->len;
  return g_string_free (extraction.out, FALSE);
}

static gsize
find_start (const guint8 *rtf,
            gsize         n_bytes)
{
  gsize i = 0;

  if (n_bytes >= 3 && memcmp (rtf, "\xEF\xBB\xBF", 3) == 0)
    i = 3;
  while (i < n_bytes && (g_ascii_isspace (rtf[i]) || rtf[i] == '\0'))
    i++;
  return i;
}

static IMsgRtfContent
get_content (const guint8 *rtf,
             gsize         n_bytes)
{
  gsize i = find_start (rtf, n_bytes);

  if (n_bytes - i < 5 || memcmp (rtf + i, "{\\rtf", 5) != 0)
    return IMSG_RTF_CONTENT_NONE;
  for (guint n_tokens = 0; n_tokens < MAX_HEADER_TOKENS && i < n_bytes; n_tokens++)
    {
      gsize start;

      while (i < n_bytes && (rtf[i] == '\r' || rtf[i] == '\n'))
        i++;
      if (i < n_bytes && rtf[i] == '{')
        {
          i++;
          continue;
        }
      if (n_bytes - i < 2 || rtf[i] != '\\' || !g_ascii_isalpha (rtf[i + 1]))
        break;
      start = ++i;
      while (i < n_bytes && g_ascii_isalpha (rtf[i]))
        i++;
      if (i - start == 8 && memcmp (rtf + start, "fromtext", 8) == 0)
        return IMSG_RTF_CONTENT_TEXT;
      if (i - start == 8 && memcmp (rtf + start, "fromhtml", 8) == 0)
        {
          if (i < n_bytes && rtf[i] == '1' && !(i + 1 < n_bytes && g_ascii_isdigit (rtf[i + 1])))
            return IMSG_RTF_CONTENT_HTML;
        }
      if (i < n_bytes && rtf[i] == '-')
        i++;
      while (i < n_bytes && g_ascii_isdigit (rtf[i]))
        i++;
      if (i < n_bytes && rtf[i] == ' ')
        i++;
    }
  return IMSG_RTF_CONTENT_RICH_TEXT;
}

static IMsgRtfContent
check_content (const guint8 *rtf,
               gsize         n_bytes,
               GError      **error)
{
  IMsgRtfContent content = get_content (rtf, n_bytes);

  if (content == IMSG_RTF_CONTENT_NONE)
    g_set_error (error, IMSG_ERROR, IMSG_ERROR_CORRUPT_DATA,
                 g_dngettext (GETTEXT_PACKAGE,
                              "%zu byte that does not begin as RTF does",
                              "%zu bytes that do not begin as RTF does",
                              n_bytes),
                 n_bytes);
  return content;
}

static guint
count_places (const guint8 *rtf,
              gsize         n_bytes)
{
  static const char word[] = "\\objattph";
  const guint8 *end = rtf + n_bytes;
  guint n = 0;

  while ((rtf = memmem (rtf, end - rtf, word, sizeof word - 1)) != NULL)
    {
      rtf += sizeof word - 1;
      n++;
    }
  return n;
}

/* The n-th attachment by its PR_RENDERING_POSITION stands at the n-th place. */
static const IMsgRtfObjects *
place_objects (IMsgRtfObjects *objects,
               GPtrArray      *names,
               const guint8   *rtf,
               gsize           n_bytes)
{
  guint n_places = names != NULL ? count_places (rtf, n_bytes) : 0;

  /* Text that shows no attachments leaves them to whoever lists them. */
  if (n_places == 0)
    return NULL;
  objects->names = names;
  objects->is_placed = n_places == names->len;
  return objects;
}

char *
_imsg_rtf_to_html_with_objects (const guint8  *rtf,
                                gsize          n_bytes,
                                gsize          max_bytes,
                                GPtrArray     *object_names,
                                gsize         *length,
                                GPtrArray     *problems,
                                GError       **error)
{
  gsize start = find_start (rtf, n_bytes);
  g_autofree char *text = NULL;
  IMsgRtfObjects objects;

  /* Of no bytes it may be NULL, from where there is no way on. */
  if (start > 0)
    rtf += start;
  n_bytes -= start;
  switch (check_content (rtf, n_bytes, error))
    {
    case IMSG_RTF_CONTENT_NONE:
      return NULL;
    case IMSG_RTF_CONTENT_HTML:
      return extract (IMSG_RTF_READ_HTML, rtf, n_bytes, max_bytes, length, problems);
    case IMSG_RTF_CONTENT_TEXT:
      text = extract (IMSG_RTF_READ_TEXT, rtf, n_bytes, max_bytes, length, problems);
      return _imsg_html_from_text (text, *length, max_bytes, length, problems);
    default:
      return _imsg_rtf_rich_to_html (rtf, n_bytes, max_bytes,
                                     place_objects (&objects, object_names, rtf, n_bytes), length,
                                     problems);
    }
}

char *
_imsg_rtf_to_text_with_objects (const guint8  *rtf,
                                gsize          n_bytes,
                                gsize          max_bytes,
                                GPtrArray     *object_names,
                                gsize         *length,
                                GPtrArray     *problems,
                                GError       **error)
{
  gsize start = find_start (rtf, n_bytes);
  g_autofree char *html = NULL;
  IMsgRtfObjects objects;

  /* Of no bytes it may be NULL, from where there is no way on. */
  if (start > 0)
    rtf += start;
  n_bytes -= start;
  switch (check_content (rtf, n_bytes, error))
    {
    case IMSG_RTF_CONTENT_NONE:
      return NULL;
    case IMSG_RTF_CONTENT_HTML:
      html = extract (IMSG_RTF_READ_HTML, rtf, n_bytes, max_bytes, length, problems);
      return _imsg_html_to_text (html, *length, max_bytes, length, problems);
    case IMSG_RTF_CONTENT_TEXT:
      return extract (IMSG_RTF_READ_TEXT, rtf, n_bytes, max_bytes, length, problems);
    default:
      return _imsg_rtf_rich_to_text (rtf, n_bytes, max_bytes,
                                     place_objects (&objects, object_names, rtf, n_bytes), length,
                                     problems);
    }
}

char *
_imsg_rtf_to_html (const guint8  *rtf,
                   gsize          n_bytes,
                   gsize          max_bytes,
                   gsize         *length,
                   GPtrArray     *problems,
                   GError       **error)
{
  return _imsg_rtf_to_html_with_objects (rtf, n_bytes, max_bytes, NULL, length, problems, error);
}

char *
_imsg_rtf_to_text (const guint8  *rtf,
                   gsize          n_bytes,
                   gsize          max_bytes,
                   gsize         *length,
                   GPtrArray     *problems,
                   GError       **error)
{
  return _imsg_rtf_to_text_with_objects (rtf, n_bytes, max_bytes, NULL, length, problems, error);
}

/**
 * imsg_rtf_get_content:
 * @rtf: RTF, decompressed
 *
 * Tells what RTF holds.
 *
 * Source: [MS-OXRTFEX] 2.1.3.1.
 *
 * Returns: what it holds
 * Since: 1.0
 */
IMsgRtfContent
imsg_rtf_get_content (GBytes *rtf)
{
  gsize n_bytes;
  const guint8 *bytes;

  g_return_val_if_fail (rtf != NULL, IMSG_RTF_CONTENT_NONE);

  bytes = g_bytes_get_data (rtf, &n_bytes);
  return get_content (bytes, n_bytes);
}

typedef char *(*ConvertFunc) (const guint8 *rtf,
                              gsize         n_bytes,
                              gsize         max_bytes,
                              gsize        *length,
                              GPtrArray    *problems,
                              GError      **error);

static char *
convert (GBytes      *rtf,
         ConvertFunc  func,
         GPtrArray  **problems,
         GError     **error)
{
  g_autoptr(GPtrArray) list = _imsg_problem_list_new ();
  gsize length = 0;
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (rtf, &n_bytes);
  char *text = func (bytes, n_bytes,
                     _imsg_limits_get_default ()->values[IMSG_LIMIT_HTML_BYTES], &length, list,
                     error);

  if (problems != NULL)
    *problems = g_steal_pointer (&list);
  return text;
}

/**
 * imsg_rtf_to_html:
 * @rtf: RTF, decompressed
 * @problems: (out) (optional) (transfer container) (element-type IMsgProblem): return location
 *   for what is wrong with it
 * @error: return location for an error
 *
 * Takes the HTML out of RTF that encapsulates it, or makes HTML of other RTF.
 *
 * HTML that was encapsulated comes out as it went in, but for what the encapsulating program
 * changed: Outlook leaves out the `meta` element that names a charset. The HTML made of RTF keeps
 * paragraphs, lists, tables, links, fonts, sizes, colours, emphasis, and pictures of the kinds
 * that browsers show (PNG and JPEG, as `data:`); other pictures and the places of attachments
 * (`\objattph`) are told in words.
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when @rtf is no RTF.
 * Source: [MS-OXRTFEX] 3.1.3.
 *
 * Returns: (transfer full): HTML in UTF-8
 * Since: 1.0
 */
char *
imsg_rtf_to_html (GBytes     *rtf,
                  GPtrArray **problems,
                  GError    **error)
{
  g_return_val_if_fail (rtf != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return convert (rtf, _imsg_rtf_to_html, problems, error);
}

/**
 * imsg_rtf_to_text:
 * @rtf: RTF, decompressed
 * @problems: (out) (optional) (transfer container) (element-type IMsgProblem): return location
 *   for what is wrong with it
 * @error: return location for an error
 *
 * Takes the text out of RTF that encapsulates it, or makes text of other RTF.
 *
 * Of RTF that encapsulates HTML it is the text of that. Lines end in CR LF.
 *
 * Fails with `IMSG_ERROR_CORRUPT_DATA` when @rtf is no RTF.
 * Source: [MS-OXRTFEX] 3.1.3.
 *
 * Returns: (transfer full): text in UTF-8
 * Since: 1.0
 */
char *
imsg_rtf_to_text (GBytes     *rtf,
                  GPtrArray **problems,
                  GError    **error)
{
  g_return_val_if_fail (rtf != NULL, NULL);
  g_return_val_if_fail (error == NULL || *error == NULL, NULL);

  return convert (rtf, _imsg_rtf_to_text, problems, error);
}

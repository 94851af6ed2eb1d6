/* fuzz-rtf-encapsulation.c - RTF of any bytes, to HTML and text
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-problem-private.h"
#include "imsg-rtf-private.h"

#define MAX_OUTPUT (1 << 20)

typedef char *(*ConvertFunc) (const guint8 *rtf,
                              gsize         n_bytes,
                              gsize         max_bytes,
                              gsize        *length,
                              GPtrArray    *problems,
                              GError      **error);

static void
check (ConvertFunc   func,
       const guint8 *rtf,
       gsize         n_bytes)
{
  g_autoptr(GPtrArray) problems = _imsg_problem_list_new ();
  gsize length = 0;
  g_autofree char *text = func (rtf, n_bytes, MAX_OUTPUT, &length, problems, NULL);

  if (text == NULL)
    return;
  /* Rich text is cut after the element that passed the limit. */
  g_assert_cmpuint (length, <=, MAX_OUTPUT + n_bytes * 6 + 4096);
  for (gsize i = 0; i < length; i += strlen (text + i) + 1)
    g_assert_true (g_utf8_validate (text + i, -1, NULL));
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char *const texts[] = {
    "{\\*\\htmltag84 <p>}a\\htmlrtf {\\b \\htmlrtf0 \\f1 \\'83e\\u8364 ?\\par }{\\*\\mhtmltag x}\\~\\lquote}",
    "\\uc2\\u-10179 ??\\u-8704 ??\\bin3 }}}\\tab{\\pict 00}\\'e9\\~\\_\\-}",
    "{\\field{\\*\\fldinst HYPERLINK \"http://h/\"}{\\fldrslt x}}\\trowd\\intbl a\\cell\\row\\pard\\qc\\cf1\\fs20 b\\objattph}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (seeds, g_bytes_new_static (texts[i], strlen (texts[i])));
}

/* The bytes as they come, and behind each kind of header, so that none has to be guessed. */
int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  static const char *const heads[] = {
    "",
    "{\\rtf1\\ansi\\fromhtml1 {\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset128 B;}}",
    "{\\rtf1\\ansi\\fromtext {\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset134 B;}}",
    "{\\rtf1\\ansi{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset136 B;}}{\\colortbl;\\red1;}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_autoptr(GByteArray) rtf = g_byte_array_new ();

      g_byte_array_append (rtf, (const guint8 *) heads[i], strlen (heads[i]));
      g_byte_array_append (rtf, data, n_bytes);
      check (_imsg_rtf_to_html, rtf->data, rtf->len);
      check (_imsg_rtf_to_text, rtf->data, rtf->len);
    }
  return 0;
}

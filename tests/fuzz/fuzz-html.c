/* fuzz-html.c - HTML of any bytes: its charset, its text, and into RTF and back
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "fuzz-main.h"

#include "imsg-body-private.h"
#include "imsg-code-page-private.h"
#include "imsg-html-private.h"
#include "imsg-rtf.h"

static char *
normalize_line_ends (const char *text)
{
  GString *out = g_string_new (NULL);

  for (; *text != '\0'; text++)
    {
      if (*text == '\r' && text[1] == '\n')
        text++;
      if (*text == '\r' || *text == '\n')
        g_string_append (out, "\r\n");
      else
        g_string_append_c (out, *text);
    }
  return g_string_free (out, FALSE);
}

void
fuzz_add_seeds (GPtrArray *seeds)
{
  static const char *const texts[] = {
    "<html><head><meta charset=gb2312><title>t</title></head><body><p class=\"x\">a&nbsp;&eacute;</p><!-- c --><ul><li>b</ul>",
    "\x90<table><tr><td>\x82\xA0<td>b</table><pre>a\n b</pre><a href='http://h/'>c</a><script>x</script>",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    g_ptr_array_add (seeds, g_bytes_new_static (texts[i], strlen (texts[i])));
}

int
LLVMFuzzerTestOneInput (const guint8 *data,
                        gsize         n_bytes)
{
  g_autoptr(GPtrArray) trace = g_ptr_array_new_with_free_func (g_free);
  guint code_page = _imsg_html_choose_code_page (data, n_bytes, "PR_INTERNET_CPID",
                                                 n_bytes > 0 ? data[0] * 8 : 0, 932, trace);
  gsize length;
  gsize text_length;
  g_autofree char *html = _imsg_code_page_decode (code_page, data, n_bytes, &length, NULL);
  g_autofree char *text = _imsg_html_to_text (html, length, G_MAXSIZE, &text_length, NULL);
  g_autofree char *expected = normalize_line_ends (html);
  g_autofree char *back = NULL;
  g_autoptr(GBytes) content = NULL;
  g_autoptr(GBytes) declared = NULL;
  g_autoptr(GBytes) again = NULL;
  g_autoptr(GBytes) rtf = NULL;

  g_assert_true (_imsg_code_page_is_known (code_page));
  g_assert_true (g_utf8_validate_len (text, text_length, NULL));
  rtf = imsg_rtf_from_html (html);
  back = imsg_rtf_to_html (rtf, NULL, NULL);
  g_assert_cmpstr (back, ==, expected);
  content = g_bytes_new (html, length);
  declared = _imsg_html_declare_utf8 (content);
  /* Once all that is looked at says so there is nothing more to do. */
  if (MAX (length, g_bytes_get_size (declared)) <= IMSG_HTML_PROLOG_SIZE)
    {
      again = _imsg_html_declare_utf8 (declared);
      g_assert_true (again == declared);
    }
  return 0;
}

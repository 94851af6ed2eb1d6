/* bench-text.c - text that is made to be slow: four times as much takes four times as long
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>

#include "bench-util.h"
#include "imsg-code-page-private.h"
#include "imsg-html-private.h"
#include "imsg-rtf.h"

#define N_ROUNDS 3
#define N_TEXT_BYTES 600000
#define N_RUBBISH_BYTES (1 << 20)
#define LINEAR 1.25
#define RTF_HEAD "{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 "

/* What is begun again and again, and never ended */
static const char *const html_units[] = {
  "<", "<!--", "<p a=\"", "<p a='x", "<style>", "<a href=x>", "<ul><li>", "<pre>", "&", "&#",
  "</style", "<table><tr><td>", "\n", "<br>", "<p>", "x<hr>", "<!", "<?", "<li>a", "<p\f", " ",
  "<a href=\"http://h/\">",
};
static const char *const rtf_units[] = {
  "{\\f1 \\'82\\'a0}", "\\u8364 ?", "{\\*\\htmltag84 <p>}a\\par ", "\\htmlrtf x\\htmlrtf0 y",
  "{\\*\\x ", "\\'82", "{\\field{\\*\\fldinst HYPERLINK \"x\"}{\\fldrslt y}}",
  "{\\*\\htmltag84 <!--}", "{\\*\\htmltag84 <a href=\"}", "{\\*\\htmltag84 <style>}", "<", "&",
  "\\bin1 x", "{\\fonttbl{\\f1 x;}}",
};
/* Bytes that are no text in any of them */
static const guint code_pages[] = { 932, 936, 949, 950, 1361, 51932, 54936, 50220, 65001, 65000 };

typedef struct
{
  GBytes *texts[2]; /* the second is four times the first */
  guint   code_page;
} Pair;

static void
read_html (GBytes *html)
{
  gsize n_bytes;
  const char *text = g_bytes_get_data (html, &n_bytes);
  gsize length;

  g_free (_imsg_html_to_text (text, n_bytes, G_MAXSIZE, &length, NULL));
}

static void
read_rtf (GBytes *rtf)
{
  g_free (imsg_rtf_to_html (rtf, NULL, NULL));
  g_free (imsg_rtf_to_text (rtf, NULL, NULL));
}

static void
small_html (gpointer data)
{
  read_html (((Pair *) data)->texts[0]);
}

static void
large_html (gpointer data)
{
  read_html (((Pair *) data)->texts[1]);
}

static void
small_rtf (gpointer data)
{
  read_rtf (((Pair *) data)->texts[0]);
}

static void
large_rtf (gpointer data)
{
  read_rtf (((Pair *) data)->texts[1]);
}

static void
decode (const Pair *pair,
        guint       which)
{
  gsize n_bytes;
  const guint8 *bytes = g_bytes_get_data (pair->texts[which], &n_bytes);
  gsize length;

  g_free (_imsg_code_page_decode (pair->code_page, bytes, n_bytes, &length, NULL));
}

static void
small_page (gpointer data)
{
  decode (data, 0);
}

static void
large_page (gpointer data)
{
  decode (data, 1);
}

static GBytes *
repeat (const char *head,
        const char *unit,
        gsize       n)
{
  GString *text = g_string_new (head);

  for (gsize i = 0; i < n; i++)
    g_string_append (text, unit);
  return g_string_free_to_bytes (text);
}

static void
compare (const char *kind,
         const char *what,
         BenchFunc   small,
         BenchFunc   large,
         Pair       *pair)
{
  BenchFunc funcs[] = { small, large };
  g_autofree char *escaped = g_strescape (what, NULL);
  g_autofree char *name = g_strdup_printf ("%s: %s", kind, escaped);
  double times_ms[G_N_ELEMENTS (funcs)];

  bench_measure (funcs, pair, G_N_ELEMENTS (funcs), N_ROUNDS, times_ms);
  bench_report (name, times_ms[1], "four times a quarter", 4 * times_ms[0], BENCH_AT_MOST, LINEAR);
  for (guint i = 0; i < G_N_ELEMENTS (funcs); i++)
    g_bytes_unref (pair->texts[i]);
}

int
main (void)
{
  g_autofree guint8 *rubbish = g_malloc (4 * N_RUBBISH_BYTES);

  memset (rubbish, 0xFF, 4 * N_RUBBISH_BYTES);
  for (guint i = 0; i < G_N_ELEMENTS (html_units); i++)
    {
      gsize n = N_TEXT_BYTES / strlen (html_units[i]);
      Pair pair = { { repeat ("", html_units[i], n), repeat ("", html_units[i], 4 * n) }, 0 };

      compare ("HTML", html_units[i], small_html, large_html, &pair);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rtf_units); i++)
    {
      gsize n = N_TEXT_BYTES / strlen (rtf_units[i]);
      Pair pair = { { repeat (RTF_HEAD, rtf_units[i], n), repeat (RTF_HEAD, rtf_units[i], 4 * n) },
                    0 };

      compare ("RTF", rtf_units[i], small_rtf, large_rtf, &pair);
    }
  for (guint i = 0; i < G_N_ELEMENTS (code_pages); i++)
    {
      g_autofree char *name = g_strdup_printf ("%u", code_pages[i]);
      Pair pair = { { g_bytes_new_static (rubbish, N_RUBBISH_BYTES),
                      g_bytes_new_static (rubbish, 4 * N_RUBBISH_BYTES) }, code_pages[i] };

      compare ("rubbish in code page", name, small_page, large_page, &pair);
    }
  return bench_finish ();
}

/* bench-rtf.c - speed of both RTF steps and of HTML to text, beside plain copying
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include <string.h>
#include <time.h>

#include "imsg-html-private.h"
#include "imsg-rtf-compression.h"
#include "imsg-rtf.h"

#define N_ROUNDS 7
#define BUDGET_DECOMPRESS 200.0
#define BUDGET_EXTRACT 50.0

/* A mail as Outlook encapsulates it: tags, text, skipped formatting, double-byte runs. */
static GBytes *
make_rtf (void)
{
  GString *rtf = g_string_new ("{\\rtf1\\ansi\\ansicpg1252\\fromhtml1 \\deff0{\\fonttbl"
                               "{\\f0\\fswiss\\fcharset0 Arial;}{\\f1\\fcharset128 Gothic;}}\r\n"
                               "\\uc1\\pard\\plain\\deftab360 \\f0\\fs24\r\n");

  for (guint i = 0; rtf->len < 8 << 20; i++)
    g_string_append_printf (rtf,
                            "{\\*\\htmltag64 <p class=MsoNormal>}\\htmlrtf {\\htmlrtf0 Line %u of a "
                            "message that somebody wrote, with an \\'e9 in it %x\r\n"
                            "{\\*\\htmltag148 <span lang=EN-US style='font-size:%u.0pt'>}\\htmlrtf "
                            "{\\htmlrtf0 {\\f1 \\'93\\'fa\\'96\\'7b}\\u8364 ?{\\*\\htmltag84 &nbsp;}"
                            "\\htmlrtf \\'a0\\htmlrtf0 \\htmlrtf }\\htmlrtf0\r\n"
                            "{\\*\\htmltag156 </span>}\\htmlrtf\\par}\\htmlrtf0\r\n"
                            "{\\*\\htmltag72 </p>}\r\n", i, i * 2654435761u, i % 30 + 6);
  g_string_append_c (rtf, '}');
  return g_string_free_to_bytes (rtf);
}

/* Of processor time: the machine may have others to serve */
static gint64
get_processor_us (void)
{
  struct timespec now;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &now);
  return now.tv_sec * G_USEC_PER_SEC + now.tv_nsec / 1000;
}

static const char *
judge (double rate,
       double budget)
{
  return rate >= budget ? "kept" : "MISSED";
}

static double
get_rate (gint64 best,
          gsize  n_bytes)
{
  return (double) n_bytes / MAX (best, 1);
}

#define MEASURE(best, statement)                                   \
  best = G_MAXINT64;                                               \
  for (guint round = 0; round < N_ROUNDS; round++)                 \
    {                                                              \
      gint64 start = get_processor_us ();                          \
                                                                   \
      statement;                                                   \
      best = MIN (best, get_processor_us () - start);              \
    }

int
main (void)
{
  g_autoptr(GBytes) rtf = make_rtf ();
  gsize n_rtf = g_bytes_get_size (rtf);
  g_autoptr(GBytes) compressed = imsg_rtf_compress (rtf);
  g_autofree char *html = imsg_rtf_to_html (rtf, NULL, NULL);
  gsize n_html = strlen (html);
  g_autofree char *copy = g_malloc (n_rtf);
  double copy_rate;
  double decompress_rate;
  double extract_rate;
  gsize length;
  gint64 best;

  memset (copy, 0, n_rtf);
  MEASURE (best, memcpy (copy, g_bytes_get_data (rtf, NULL), n_rtf))
  copy_rate = get_rate (best, n_rtf);
  g_print ("copy:             %8.0f MB/s\n", copy_rate);
  MEASURE (best, g_bytes_unref (imsg_rtf_decompress (compressed, NULL, NULL)))
  decompress_rate = get_rate (best, n_rtf);
  g_print ("decompress:       %8.0f MB/s, %.3f of copying, budget %.0f, %s\n", decompress_rate,
           decompress_rate / copy_rate, BUDGET_DECOMPRESS,
           judge (decompress_rate, BUDGET_DECOMPRESS));
  MEASURE (best, g_bytes_unref (imsg_rtf_compress (rtf)))
  g_print ("compress:         %8.0f MB/s, to %.3f of the size\n", get_rate (best, n_rtf),
           (double) g_bytes_get_size (compressed) / n_rtf);
  MEASURE (best, g_free (imsg_rtf_to_html (rtf, NULL, NULL)))
  extract_rate = get_rate (best, n_rtf);
  g_print ("de-encapsulate:   %8.0f MB/s, %.3f of copying, budget %.0f, %s\n", extract_rate,
           extract_rate / copy_rate, BUDGET_EXTRACT, judge (extract_rate, BUDGET_EXTRACT));
  MEASURE (best, g_bytes_unref (imsg_rtf_from_html (html)))
  g_print ("encapsulate:      %8.0f MB/s\n", get_rate (best, n_html));
  MEASURE (best, g_free (_imsg_html_to_text (html, n_html, G_MAXSIZE, &length, NULL)))
  g_print ("HTML to text:     %8.0f MB/s\n", get_rate (best, n_html));

  return decompress_rate >= BUDGET_DECOMPRESS && extract_rate >= BUDGET_EXTRACT ? 0 : 1;
}

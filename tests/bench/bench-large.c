/* bench-large.c - attachments of a gibibyte, and a small change to a large message
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "bench-util.h"

#include <glib/gstdio.h>
#include <string.h>

#define GIBIBYTE_MIB 1024
#define HUNDRED_MIB 100
#define BUDGET_TIME 1.5
#define BUDGET_PEAK_MIB 64

typedef struct
{
  const char *verb;
  GFile      *input;
  GFile      *output;
  guint64     n_bytes;
} Large;

static IMsgMessage *
open_message (Large         *large,
              IMsgOpenFlags  flags)
{
  g_autoptr(GError) error = NULL;
  IMsgMessage *message = imsg_message_open_file (large->input, flags, NULL, &error);

  if (message == NULL)
    g_error ("%s", error->message);
  return message;
}

static void
add (Large *large)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

  imsg_message_set_subject (message, "Large", &error);
  if (!imsg_attachment_set_file_name (attachment, "large.bin", &error) ||
      !imsg_attachment_set_file (attachment, large->input, NULL, &error) ||
      !imsg_message_save_as (message, large->output, IMSG_SAVE_NONE, NULL, &error))
    g_error ("%s", error->message);
}

static void
extract (Large *large)
{
  g_autoptr(IMsgMessage) message = open_message (large, IMSG_OPEN_READ_ONLY);
  g_autoptr(IMsgAttachment) attachment =
    g_list_model_get_item (imsg_message_get_attachments (message), 0);
  g_autoptr(GError) error = NULL;
  g_autoptr(GInputStream) from = imsg_attachment_open_stream (attachment, NULL, &error);
  g_autoptr(GFileOutputStream) to =
    g_file_replace (large->output, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  g_autofree guint8 *slice = g_malloc (1 << 20);
  gssize n;

  while ((n = g_input_stream_read (from, slice, 1 << 20, NULL, &error)) > 0)
    if (!g_output_stream_write_all (G_OUTPUT_STREAM (to), slice, (gsize) n, NULL, NULL, &error))
      break;
  if (error != NULL || !g_output_stream_close (G_OUTPUT_STREAM (to), NULL, &error))
    g_error ("%s", error->message);
}

static void
edit (Large *large)
{
  g_autoptr(IMsgMessage) message = open_message (large, IMSG_OPEN_MODIFY);
  /* One that it has not: else there is nothing to save */
  g_autofree char *subject = g_strdup_printf ("Subject %" G_GINT64_FORMAT, g_get_real_time ());
  g_autoptr(GError) error = NULL;

  if (!imsg_message_set_subject (message, subject, &error) ||
      !imsg_message_save (message, IMSG_SAVE_NONE, NULL, &error))
    g_error ("%s", error->message);
}

static void
export_mime (Large *large)
{
  g_autoptr(IMsgMessage) message = open_message (large, IMSG_OPEN_READ_ONLY);
  g_autoptr(GError) error = NULL;
  g_autoptr(GFileOutputStream) to = NULL;

  /* What replaces a file is synced, and what it is held to is a new file that is not */
  g_file_delete (large->output, NULL, NULL);
  to = g_file_replace (large->output, NULL, FALSE, G_FILE_CREATE_NONE, NULL, &error);
  if (!imsg_message_export_mime (message, G_OUTPUT_STREAM (to), NULL, &error) ||
      !g_output_stream_close (G_OUTPUT_STREAM (to), NULL, &error))
    g_error ("%s", error->message);
}

static void
work (gpointer data)
{
  Large *large = data;

  if (strcmp (large->verb, "add") == 0)
    add (large);
  else if (strcmp (large->verb, "extract") == 0)
    extract (large);
  else if (strcmp (large->verb, "open") == 0)
    g_object_unref (open_message (large, IMSG_OPEN_READ_ONLY));
  else if (strcmp (large->verb, "edit") == 0)
    edit (large);
  else
    export_mime (large);
}

static void
compare (const char *what,
         const char *verb,
         const char *input,
         const char *output,
         const char *other,
         gboolean    is_synced,
         gboolean    has_peak)
{
  BenchChild child;
  double copy_ms = G_MAXDOUBLE;
  double best_ms = G_MAXDOUBLE;
  double peak_mib = 0;

  for (guint i = 0; i < 3; i++)
    {
      gint64 start = g_get_monotonic_time ();

      bench_copy (input, other, is_synced);
      copy_ms = MIN (copy_ms, (double) (g_get_monotonic_time () - start) / 1000.0);
      g_unlink (other);
      if (!bench_run_child (&child, verb, input, output, NULL))
        return;
      best_ms = MIN (best_ms, child.time_ms);
      peak_mib = MAX (peak_mib, (double) child.peak_kib / 1024);
    }
  bench_report (what, best_ms, is_synced ? "copy and sync" : "copy", copy_ms, BENCH_AT_MOST,
                BUDGET_TIME);
  if (has_peak)
    bench_report_bound ("    peak memory", peak_mib, BUDGET_PEAK_MIB, "MiB");
}

static void
write_pattern (const char *path,
               guint       n_mebibytes)
{
  g_autofree guint8 *slice = g_malloc (1 << 20);
  FILE *file = g_fopen (path, "wb");

  for (guint i = 0; i < n_mebibytes; i++)
    {
      memset (slice, (int) (1 + i % 200), 1 << 20);
      if (fwrite (slice, 1, 1 << 20, file) != 1 << 20)
        g_error ("%s: cannot be written", path);
    }
  fclose (file);
}

int
main (int   argc,
      char *argv[])
{
  g_autofree char *folder = NULL;
  g_autofree char *data = NULL;
  g_autofree char *message = NULL;
  g_autofree char *output = NULL;
  g_autofree char *other = NULL;
  BenchChild child;

  if (argc == 4)
    {
      g_autoptr(GFile) from = g_file_new_for_path (argv[2]);
      g_autoptr(GFile) to = g_file_new_for_path (argv[3]);
      Large large = { argv[1], from, to, 0 };

      return bench_be_child (work, &large, &large.n_bytes);
    }
  folder = bench_make_folder ();
  if (!bench_has_room (folder, 6 * GIBIBYTE_MIB))
    {
      bench_skip ("attachments of 1 GiB", "under 6 GiB of room for temporary files");
      bench_remove_folder (folder);
      return 77;
    }
  data = g_build_filename (folder, "data", NULL);
  message = g_build_filename (folder, "large.msg", NULL);
  output = g_build_filename (folder, "output", NULL);
  other = g_build_filename (folder, "other", NULL);

  write_pattern (data, GIBIBYTE_MIB);
  /* A save syncs, so that what it is held to does too */
  compare ("1 GiB attachment: add and save", "add", data, message, other, TRUE, TRUE);
  compare ("1 GiB attachment: open", "open", message, output, other, FALSE, TRUE);
  compare ("1 GiB attachment: extract", "extract", message, output, other, FALSE, TRUE);
  compare ("1 GiB attachment: edit and save", "edit", message, output, other, TRUE, TRUE);
  compare ("1 GiB attachment: export to MIME", "mime", message, output, other, FALSE, TRUE);

  write_pattern (data, HUNDRED_MIB);
  if (bench_run_child (&child, "add", data, message, NULL))
    compare ("100 MiB: edit a property and save", "edit", message, output, other, TRUE, FALSE);
  bench_remove_folder (folder);
  return bench_finish ();
}

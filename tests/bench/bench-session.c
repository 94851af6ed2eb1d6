/* bench-session.c - what a message in a session costs, from ten messages to ten thousand
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "bench-util.h"

#define N_FILES 10000
#define N_ROUNDS 3
#define BUDGET_FLAT 1.2
#define BUDGET_KIB 64

typedef struct
{
  const char *folder;
  guint       n_messages;  /* open at once */
  guint       first;       /* file */
  guint64     n_done;
  double      memory_kib;  /* each, as the system counts */
  double      account_kib; /* each, as the session does */
} SessionBench;

static char *
get_path (const char *folder,
          guint       i)
{
  return g_strdup_printf ("%s/%05u.msg", folder, i);
}

/* An ordinary message: text, HTML, three recipients, an attachment; some 20 KiB */
static void
write_message (const char *folder,
               guint       i)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", NULL);
  g_autofree char *subject = g_strdup_printf ("Message number %u", i);
  g_autofree char *text = g_strnfill (1500, 'a' + i % 26);
  g_autofree guint8 *data = g_malloc0 (10000);
  g_autoptr(GBytes) bytes = g_bytes_new (data, 10000);
  g_autofree char *path = get_path (folder, i);
  g_autoptr(IMsgAttachment) attachment = NULL;
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GError) error = NULL;

  imsg_message_set_subject (message, subject, &error);
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message), IMSG_PR_BODY, text, &error);
  for (guint j = 0; j < 3; j++)
    {
      g_autofree char *name = g_strdup_printf ("Recipient %u of %u", j, i);

      g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name,
                                                  "someone@example.com", &error));
    }
  attachment = imsg_message_create_attachment (message, &error);
  imsg_attachment_set_file_name (attachment, "data.bin", &error);
  imsg_attachment_set_bytes (attachment, bytes, &error);
  /* Ten thousand saves would sync ten thousand times */
  written = imsg_message_write_to_bytes (message, NULL, &error);
  if (written == NULL || !g_file_set_contents (path, g_bytes_get_data (written, NULL),
                                               (gssize) g_bytes_get_size (written), &error))
    g_error ("%s", error->message);
}

/* Opened, read as a list view does, and kept open */
static void
open_all (gpointer data)
{
  SessionBench *bench = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  guint64 before = bench_get_memory ();

  for (guint i = 0; i < bench->n_messages; i++)
    {
      g_autofree char *path = get_path (bench->folder, bench->first + i);
      g_autoptr(GFile) file = g_file_new_for_path (path);
      g_autoptr(GError) error = NULL;
      g_autoptr(IMsgMessage) message =
        imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, &error);
      GListModel *recipients;

      if (message == NULL)
        g_error ("%s", error->message);
      recipients = imsg_message_get_recipients (message);
      bench->n_done += imsg_message_get_subject (message) != NULL;
      for (guint j = 0; j < g_list_model_get_n_items (recipients); j++)
        {
          g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, j);

          bench->n_done += imsg_recipient_get_name (recipient) != NULL;
        }
      bench->n_done += g_list_model_get_n_items (imsg_message_get_attachments (message));
    }
  bench->memory_kib = ((double) bench_get_memory () - (double) before) / bench->n_messages;
  bench->account_kib =
    (double) imsg_session_get_memory_use (session) / bench->n_messages / 1024;
  if (imsg_session_get_n_open_files (session) > 1024)
    g_error ("%u descriptors are open", imsg_session_get_n_open_files (session));
}

/* All files, in as many sessions as it takes: whatever their size, each message is as cold to the
 * processor's caches as the next. */
static void
open_in_sessions (gpointer data)
{
  SessionBench *bench = data;

  for (bench->first = 0; bench->first < N_FILES; bench->first += bench->n_messages)
    open_all (bench);
}

/* A child: how much memory each takes cannot be told where others were before. */
static int
be_child (const char *folder,
          const char *n_messages)
{
  SessionBench bench = { .folder = folder, .n_messages = (guint) atoi (n_messages) };
  double best_ms = G_MAXDOUBLE;
  double memory_kib = 0;
  double account_kib = 0;

  open_all (&bench);
  memory_kib = bench.memory_kib;
  account_kib = bench.account_kib;
  for (guint i = 0; i < N_ROUNDS; i++)
    {
      double before_ms = bench_get_processor_ms ();

      open_in_sessions (&bench);
      best_ms = MIN (best_ms, bench_get_processor_ms () - before_ms);
    }
  bench_print_child (best_ms / N_FILES, (guint64) (memory_kib * 1024),
                     (guint64) (account_kib * 1024));
  return 0;
}

int
main (int   argc,
      char *argv[])
{
  static const char *counts[] = { "10", "100", "1000", "10000" };
  g_autofree char *folder = NULL;
  BenchChild first = { 0 };

  if (argc == 3)
    return be_child (argv[1], argv[2]);
  folder = bench_make_folder ();
  if (!bench_has_room (folder, 1024))
    {
      bench_skip ("messages in a session", "under 1 GiB of room for temporary files");
      bench_remove_folder (folder);
      return 77;
    }
  for (guint i = 0; i < N_FILES; i++)
    write_message (folder, i);
  for (guint i = 0; i < G_N_ELEMENTS (counts); i++)
    {
      g_autofree char *what = g_strdup_printf ("%s at once: 1000 of them, processor time", counts[i]);
      BenchChild child;

      if (!bench_run_child (&child, folder, counts[i], NULL))
        continue;
      if (i == 0)
        first = child;
      /* In thousandths: a message is opened in some tens of microseconds */
      bench_report (what, child.time_ms * 1000, "of 10, each,", first.time_ms * 1000,
                    BENCH_AT_MOST, BUDGET_FLAT);
      g_print ("    of each, %.1f in the system, for %.1f pages and its files\n",
               child.system_ms * 1000 / (N_FILES * N_ROUNDS + atoi (counts[i])),
               (double) child.n_faults / (N_FILES * N_ROUNDS + atoi (counts[i])));
      /* Ten take less than what the first brings with it */
      if (i > 0)
        {
          bench_report_bound ("    memory of each, resident", (double) child.peak_kib / 1024,
                              BUDGET_KIB, "KiB");
          bench_report_bound ("    memory of each, as the session says",
                              (double) child.n_bytes / 1024, BUDGET_KIB, "KiB");
        }
    }
  bench_remove_folder (folder);
  return bench_finish ();
}

/* bench-samples.c - reading real messages, beside libgsf, plain reads and other readers
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "bench-util.h"

#include <fcntl.h>
#include <gsf/gsf.h>
#include <unistd.h>

#define N_ROUNDS 15
#define BUDGET_EVERY_PROPERTY 0.4
#define BUDGET_LIST_VIEW 0.15

typedef struct
{
  GPtrArray *paths;   /* (element-type filename) */
  guint64    n_bytes; /* what a run went through, so that none is optimized away */
  guint      n_values;
  guint      n_failed;
} Samples;

static void read_message (Samples     *samples,
                          IMsgMessage *message);

static void
read_object (Samples            *samples,
             IMsgPropertyObject *object)
{
  gsize n_tags = 0;
  g_autofree guint32 *tags = imsg_property_object_list_tags (object, &n_tags);

  for (gsize i = 0; i < n_tags; i++)
    {
      g_autoptr(GVariant) value = imsg_property_object_get_value (object, tags[i], NULL);

      if (value == NULL)
        continue;
      samples->n_values++;
      samples->n_bytes += g_variant_get_size (value);
    }
}

static void
read_attachment (Samples        *samples,
                 IMsgAttachment *attachment)
{
  g_autoptr(IMsgMessage) embedded = NULL;

  read_object (samples, IMSG_PROPERTY_OBJECT (attachment));
  if (imsg_attachment_get_method (attachment) != IMSG_ATTACHMENT_METHOD_EMBEDDED_MESSAGE)
    return;
  embedded = imsg_attachment_open_message (attachment, NULL, NULL);
  if (embedded != NULL)
    read_message (samples, embedded);
}

static void
read_message (Samples     *samples,
              IMsgMessage *message)
{
  GListModel *recipients = imsg_message_get_recipients (message);
  GListModel *attachments = imsg_message_get_attachments (message);
  guint n_recipients = g_list_model_get_n_items (recipients);
  guint n_attachments = g_list_model_get_n_items (attachments);

  read_object (samples, IMSG_PROPERTY_OBJECT (message));
  for (guint i = 0; i < n_recipients; i++)
    {
      g_autoptr(IMsgPropertyObject) recipient = g_list_model_get_item (recipients, i);

      read_object (samples, recipient);
    }
  for (guint i = 0; i < n_attachments; i++)
    {
      g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, i);

      read_attachment (samples, attachment);
    }
}

static IMsgMessage *
open_sample (Samples     *samples,
             IMsgSession *session,
             guint        i)
{
  g_autoptr(GFile) file = g_file_new_for_path (samples->paths->pdata[i]);
  IMsgMessage *message =
    imsg_session_open_message (session, file, IMSG_OPEN_READ_ONLY, NULL, NULL);

  if (message == NULL)
    samples->n_failed++;
  return message;
}

static void
read_ours (gpointer data)
{
  Samples *samples = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();

  samples->n_bytes = samples->n_values = samples->n_failed = 0;
  for (guint i = 0; i < samples->paths->len; i++)
    {
      g_autoptr(IMsgMessage) message = open_sample (samples, session, i);

      if (message == NULL)
        continue;
      read_message (samples, message);
      imsg_message_close (message);
    }
}

static void
list_ours (gpointer data)
{
  Samples *samples = data;
  g_autoptr(IMsgSession) session = imsg_session_new ();

  for (guint i = 0; i < samples->paths->len; i++)
    {
      g_autoptr(IMsgMessage) message = open_sample (samples, session, i);
      g_autoptr(GDateTime) sent = NULL;
      GListModel *recipients;
      GListModel *attachments;
      const char *subject;
      const char *sender;

      if (message == NULL)
        continue;
      recipients = imsg_message_get_recipients (message);
      attachments = imsg_message_get_attachments (message);
      subject = imsg_message_get_subject (message);
      sender = imsg_message_get_sender_name (message);
      sent = imsg_message_get_sent_time (message);
      samples->n_bytes += (subject != NULL) + (sender != NULL) + (sent != NULL);
      for (guint j = 0; j < g_list_model_get_n_items (recipients); j++)
        {
          g_autoptr(IMsgRecipient) recipient = g_list_model_get_item (recipients, j);

          samples->n_bytes += imsg_recipient_get_name (recipient) != NULL;
        }
      for (guint j = 0; j < g_list_model_get_n_items (attachments); j++)
        {
          g_autoptr(IMsgAttachment) attachment = g_list_model_get_item (attachments, j);

          samples->n_bytes += imsg_attachment_get_file_name (attachment) != NULL;
        }
      imsg_message_close (message);
    }
}

static void
walk_gsf (Samples   *samples,
          GsfInfile *infile)
{
  static guint8 slice[65536];
  int n = gsf_infile_num_children (infile);

  for (int i = 0; i < n; i++)
    {
      GsfInput *child = gsf_infile_child_by_index (infile, i);

      if (child == NULL)
        continue;
      if (gsf_infile_num_children (GSF_INFILE (child)) >= 0)
        walk_gsf (samples, GSF_INFILE (child));
      else
        while (gsf_input_remaining (child) > 0)
          {
            gsize n_bytes = MIN ((gsize) gsf_input_remaining (child), sizeof slice);

            if (gsf_input_read (child, n_bytes, slice) == NULL)
              break;
            samples->n_bytes += n_bytes;
          }
      g_object_unref (child);
    }
}

static void
read_gsf (gpointer data)
{
  Samples *samples = data;

  for (guint i = 0; i < samples->paths->len; i++)
    {
      GsfInput *input = gsf_input_mmap_new (samples->paths->pdata[i], NULL);
      GsfInfile *infile = gsf_infile_msole_new (input, NULL);

      if (infile != NULL)
        walk_gsf (samples, infile);
      g_clear_object (&infile);
      g_object_unref (input);
    }
}

static void
read_plain (gpointer data)
{
  static guint8 slice[1 << 20];
  Samples *samples = data;

  for (guint i = 0; i < samples->paths->len; i++)
    {
      int fd = open (samples->paths->pdata[i], O_RDONLY | O_CLOEXEC);
      gssize n;

      while ((n = read (fd, slice, sizeof slice)) > 0)
        samples->n_bytes += (guint64) n;
      close (fd);
    }
}

/* A peer is a script that reads all the files it is given the names of on its standard input,
 * twice, and prints how long the second time took, in milliseconds, and how many it could read. */
static void
compare_with_peer (Samples    *samples,
                   double      ours,
                   const char *what,
                   const char *interpreter,
                   const char *script,
                   double      budget)
{
  const char *folder = g_getenv ("IMSG_BENCH_PEERS");
  g_autofree char *path = g_build_filename (folder != NULL ? folder : ".", script, NULL);
  g_autofree char *program = g_find_program_in_path (interpreter);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GString) names = g_string_new (NULL);
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;
  double time_ms = 0;
  guint n_read = 0;

  if (program == NULL)
    {
      bench_skip (what, "its interpreter is not installed");
      return;
    }
  for (guint i = 0; i < samples->paths->len; i++)
    g_string_append_printf (names, "%s\n", (char *) samples->paths->pdata[i]);
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                                G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                              &error, program, path, NULL);
  if (process == NULL ||
      !g_subprocess_communicate_utf8 (process, names->str, NULL, &output, NULL, &error))
    bench_skip (what, error->message);
  else if (output == NULL || sscanf (output, "%lf %u", &time_ms, &n_read) != 2)
    bench_skip (what, "it is not installed");
  else
    {
      bench_report (what, ours, "it", time_ms, BENCH_AT_LEAST, budget);
      g_print ("    it could read %u of %u files\n", n_read, samples->paths->len);
    }
}

int
main (int   argc,
      char *argv[])
{
  static const BenchFunc funcs[] = { read_ours, list_ours, read_gsf, read_plain };
  g_autoptr(GPtrArray) paths = bench_list_samples ();
  Samples samples = { .paths = paths };
  double times_ms[G_N_ELEMENTS (funcs)];

  gsf_init ();
  if (paths->len == 0)
    {
      g_print ("IMSG_SAMPLES names no samples: left out\n");
      return 77;
    }
  bench_measure (funcs, &samples, G_N_ELEMENTS (funcs), N_ROUNDS, times_ms);
  read_ours (&samples);
  g_print ("%u files, %u values, %.1f MiB of values, %u files cannot be opened\n", paths->len,
           samples.n_values, (double) samples.n_bytes / (1 << 20), samples.n_failed);
  bench_report ("open, read every property", times_ms[0], "libgsf's walk", times_ms[2],
                BENCH_AT_MOST, BUDGET_EVERY_PROPERTY);
  bench_report ("open, read every property", times_ms[0], "plain read()", times_ms[3],
                BENCH_NO_BUDGET, 0);
  bench_report ("facts of a list view", times_ms[1], "libgsf's walk", times_ms[2], BENCH_AT_MOST,
                BUDGET_LIST_VIEW);
  compare_with_peer (&samples, times_ms[0], "every property, npm reader", "node",
                     "read-msgreader.js", 10);
  compare_with_peer (&samples, times_ms[0], "every property, olefile", "python3",
                     "read-olefile.py", 50);
  compare_with_peer (&samples, times_ms[0], "every property, msgconvert", "perl",
                     "read-msgconvert.pl", 300);
  return bench_finish ();
}

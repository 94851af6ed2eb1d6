/* bench-many.c - messages with very many recipients or attachments, beside libgsf's writer
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "bench-util.h"

#include <gsf/gsf.h>

#define N_ROUNDS 3
#define N_SMALL 2000
/* Twice as many may take twice as long, and a quarter for caches that no longer hold it */
#define BUDGET_LINEAR 1.25

typedef struct
{
  guint    n;
  gboolean is_attachments;
  GBytes  *bytes;  /* a message, for libgsf to write again */
  guint64  n_done;
} Many;

static GBytes *
create (Many *many)
{
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(GBytes) data = g_bytes_new_static ("twenty bytes of data", 20);
  GBytes *bytes;

  for (guint i = 0; i < many->n; i++)
    {
      g_autofree char *name = g_strdup_printf ("Number %u", i);

      if (many->is_attachments)
        {
          g_autoptr(IMsgAttachment) attachment = imsg_message_create_attachment (message, &error);

          imsg_attachment_set_file_name (attachment, name, NULL);
          imsg_attachment_set_bytes (attachment, data, NULL);
        }
      else
        {
          g_object_unref (imsg_message_add_recipient (message, IMSG_RECIPIENT_TYPE_TO, name,
                                                      "someone@example.com", &error));
        }
    }
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  if (bytes == NULL)
    g_error ("%s", error->message);
  return bytes;
}

static void
read_back (Many   *many,
           GBytes *bytes)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) message =
    imsg_message_open_bytes (bytes, IMSG_OPEN_READ_ONLY, NULL, &error);
  GListModel *list;

  if (message == NULL)
    g_error ("%s", error->message);
  list = many->is_attachments ? imsg_message_get_attachments (message)
                              : imsg_message_get_recipients (message);
  if (g_list_model_get_n_items (list) != many->n)
    g_error ("%u came back of %u", g_list_model_get_n_items (list), many->n);
  for (guint i = 0; i < many->n; i++)
    {
      g_autoptr(IMsgPropertyObject) object = g_list_model_get_item (list, i);
      gsize n_tags = 0;
      g_autofree guint32 *tags = imsg_property_object_list_tags (object, &n_tags);

      for (gsize j = 0; j < n_tags; j++)
        {
          g_autoptr(GVariant) value = imsg_property_object_get_value (object, tags[j], NULL);

          many->n_done += value != NULL;
        }
    }
}

static void
make_save_read (gpointer data)
{
  g_autoptr(GBytes) bytes = create (data);

  read_back (data, bytes);
}

/* The same storages and streams, read and written by libgsf */
static void
copy_gsf (GsfInfile  *from,
          GsfOutfile *to)
{
  for (int i = 0; i < gsf_infile_num_children (from); i++)
    {
      GsfInput *child = gsf_infile_child_by_index (from, i);
      gboolean is_storage = gsf_infile_num_children (GSF_INFILE (child)) >= 0;
      GsfOutput *output = gsf_outfile_new_child (to, gsf_input_name (child), is_storage);

      if (is_storage)
        copy_gsf (GSF_INFILE (child), GSF_OUTFILE (output));
      else
        gsf_input_copy (child, output);
      gsf_output_close (output);
      g_object_unref (output);
      g_object_unref (child);
    }
}

static void
write_gsf (gpointer data)
{
  Many *many = data;
  GsfInput *input = gsf_input_memory_new (g_bytes_get_data (many->bytes, NULL),
                                          (gsf_off_t) g_bytes_get_size (many->bytes), FALSE);
  GsfInfile *from = gsf_infile_msole_new (input, NULL);
  GsfOutput *sink = gsf_output_memory_new ();
  GsfOutfile *to = gsf_outfile_msole_new (sink);

  copy_gsf (from, to);
  gsf_output_close (GSF_OUTPUT (to));
  g_object_unref (to);
  g_object_unref (sink);
  g_object_unref (from);
  g_object_unref (input);
}

static double
measure (Many  *many,
         guint  n)
{
  BenchFunc func = make_save_read;
  double time_ms = 0;

  many->n = n;
  bench_measure (&func, many, 1, N_ROUNDS, &time_ms);
  return time_ms;
}

static void
bench_many (const char *name,
            gboolean    is_attachments)
{
  Many many = { .is_attachments = is_attachments };
  BenchFunc gsf = write_gsf;
  double before_ms = 0;
  double gsf_ms = 0;
  g_autofree char *last = g_strdup_printf ("20 000 %s", name);

  for (guint n = N_SMALL; n <= 4 * N_SMALL; n *= 2)
    {
      g_autofree char *what = g_strdup_printf ("%u %s: create, save, read", n, name);
      double time_ms = measure (&many, n);

      if (before_ms == 0)
        g_print ("%-44s ours %10.2f ms\n", what, time_ms);
      else
        bench_report (what, time_ms, "twice half as many", 2 * before_ms, BENCH_AT_MOST,
                      BUDGET_LINEAR);
      before_ms = time_ms;
    }
  many.n = N_SMALL;
  many.bytes = create (&many);
  bench_measure (&gsf, &many, 1, N_ROUNDS, &gsf_ms);
  g_bytes_unref (many.bytes);
  bench_report (last, measure (&many, 20000), "libgsf's copy of 2 000", gsf_ms, BENCH_AT_MOST, 1);
  g_print ("    peak memory so far: %.1f MiB\n", (double) bench_get_memory () / 1024);
}

int
main (int   argc,
      char *argv[])
{
  gsf_init ();
  bench_many ("recipients", FALSE);
  bench_many ("attachments", TRUE);
  return bench_finish ();
}

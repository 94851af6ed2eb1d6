/* test-inspector-byte-buffer.c - the piece table behind the hex view
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-byte-buffer.h"
#include "inspector-hex-geometry.h"

#include <string.h>

static void
assert_content (InspectorByteBuffer *buffer,
                const char          *expected)
{
  g_autoptr(GBytes) bytes = inspector_byte_buffer_dup_bytes (buffer, 0, G_MAXUINT64);
  gsize length = 0;
  const void *data = g_bytes_get_data (bytes, &length);

  g_assert_cmpmem (data, length, expected, strlen (expected));
  g_assert_cmpuint (inspector_byte_buffer_get_length (buffer), ==, strlen (expected));
}

static InspectorByteBuffer *
new_buffer (const char *content)
{
  g_autoptr(GBytes) bytes = g_bytes_new (content, strlen (content));

  return inspector_byte_buffer_new (bytes);
}

static void
replace (InspectorByteBuffer *buffer,
         guint64              offset,
         guint64              n_removed,
         const char          *text)
{
  inspector_byte_buffer_replace (buffer, offset, n_removed, (const guint8 *) text, strlen (text));
}

static void
test_edit (void)
{
  g_autoptr(InspectorByteBuffer) buffer = new_buffer ("0123456789");

  replace (buffer, 4, 2, "ab");
  assert_content (buffer, "0123ab6789");
  replace (buffer, 0, 0, "<");
  assert_content (buffer, "<0123ab6789");
  replace (buffer, 11, 0, ">");
  assert_content (buffer, "<0123ab6789>");
  replace (buffer, 3, 6, "");
  assert_content (buffer, "<0189>");
  replace (buffer, 0, 100, "");
  assert_content (buffer, "");
  replace (buffer, 0, 0, "again");
  assert_content (buffer, "again");
}

static void
test_undo (void)
{
  g_autoptr(InspectorByteBuffer) buffer = new_buffer ("0123456789");

  g_assert_false (inspector_byte_buffer_is_modified (buffer));
  replace (buffer, 2, 1, "a");
  replace (buffer, 3, 1, "b");
  replace (buffer, 8, 0, "zz");
  assert_content (buffer, "01ab4567zz89");

  inspector_byte_buffer_undo (buffer);
  assert_content (buffer, "01ab456789");
  /* The two that were typed one after the other go together */
  inspector_byte_buffer_undo (buffer);
  assert_content (buffer, "0123456789");
  g_assert_false (inspector_byte_buffer_is_modified (buffer));
  g_assert_false (inspector_byte_buffer_can_undo (buffer));

  inspector_byte_buffer_redo (buffer);
  inspector_byte_buffer_redo (buffer);
  assert_content (buffer, "01ab4567zz89");
  g_assert_false (inspector_byte_buffer_can_redo (buffer));
}

/* More edits than are kept: undone to the end, it is still not what it was */
static void
test_many_edits (void)
{
  g_autofree char *content = g_strnfill (2000, 'a');
  g_autoptr(InspectorByteBuffer) buffer = new_buffer (content);

  for (guint i = 0; i < 1000; i++)
    replace (buffer, 0, 1, "");
  while (inspector_byte_buffer_can_undo (buffer))
    inspector_byte_buffer_undo (buffer);
  g_assert_cmpuint (inspector_byte_buffer_get_length (buffer), <, 2000);
  g_assert_true (inspector_byte_buffer_is_modified (buffer));
}

static void
test_against_array (void)
{
  g_autoptr(InspectorByteBuffer) buffer = new_buffer ("the quick brown fox jumps over it");
  g_autoptr(GString) model = g_string_new ("the quick brown fox jumps over it");
  g_autoptr(GRand) random = g_rand_new_with_seed (20);

  for (guint i = 0; i < 2000; i++)
    {
      gsize offset = g_rand_int_range (random, 0, model->len + 1);
      gsize n_wanted = g_rand_int_range (random, 0, 5);
      gsize n_removed = MIN (n_wanted, model->len - offset);
      char text[5] = "";

      for (int j = g_rand_int_range (random, 0, 5) - 1; j >= 0; j--)
        text[j] = 'a' + i % 26;
      g_string_erase (model, offset, n_removed);
      g_string_insert (model, offset, text);
      replace (buffer, offset, n_removed, text);
      if (i % 50 == 0)
        assert_content (buffer, model->str);
    }
  assert_content (buffer, model->str);
}

static void
test_find (void)
{
  g_autofree char *content = g_strnfill (200000, '.');
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(InspectorByteBuffer) buffer = NULL;
  guint64 offset = 0;

  /* Across the window the search reads at a time */
  memcpy (content + 65533, "needle", 6);
  bytes = g_bytes_new_static (content, 200000);
  buffer = inspector_byte_buffer_new (bytes);
  g_assert_true (inspector_byte_buffer_find (buffer, (const guint8 *) "needle", 6, 0, 200000,
                                             &offset));
  g_assert_cmpuint (offset, ==, 65533);
  g_assert_false (inspector_byte_buffer_find (buffer, (const guint8 *) "needle", 6, 65534, 200000,
                                              &offset));
  /* A part holds the matches that begin in it, wherever they end */
  g_assert_false (inspector_byte_buffer_find (buffer, (const guint8 *) "needle", 6, 0, 65533,
                                              &offset));
  g_assert_true (inspector_byte_buffer_find (buffer, (const guint8 *) "needle", 6, 0, 65534,
                                             &offset));
}

/* Each byte is found again where it is painted, in both columns */
static void
test_geometry (void)
{
  static const struct { guint64 length; int width; guint n_columns; guint n_digits; } sizes[] = {
    { 100, 1000, 16, 8 },
    { 100, 400, 8, 8 },
    { 100, 240, 4, 8 },
    { G_GUINT64_CONSTANT (0x100000000), 1000, 16, 12 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      InspectorHexGeometry geometry = { .char_width = 8, .line_height = 20, };

      inspector_hex_geometry_fit (&geometry, sizes[i].length, sizes[i].width);
      g_assert_cmpuint (geometry.n_columns, ==, sizes[i].n_columns);
      g_assert_cmpuint (geometry.n_offset_digits, ==, sizes[i].n_digits);
      g_assert_cmpint (inspector_hex_geometry_get_width (&geometry), <=, sizes[i].width);
      for (guint column = 0; column < geometry.n_columns; column++)
        {
          gboolean in_text = FALSE;
          int hex_x = inspector_hex_geometry_get_hex_x (&geometry, column);
          int text_x = inspector_hex_geometry_get_text_x (&geometry, column);
          guint64 expected = 3 * geometry.n_columns + column;

          g_assert_cmpuint (inspector_hex_geometry_find_offset (&geometry, hex_x + 2, 61, &in_text),
                            ==, expected);
          g_assert_false (in_text);
          g_assert_cmpuint (inspector_hex_geometry_find_offset (&geometry, text_x + 2, 61,
                                                                &in_text), ==, expected);
          g_assert_true (in_text);
        }
    }
}

static void
test_stream (void)
{
  gsize n_bytes = 6 * 1024 * 1024 + 17;
  guint8 *content = g_malloc (n_bytes);
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GInputStream) stream = NULL;
  g_autoptr(InspectorByteBuffer) buffer = NULL;
  guint8 read[300];

  for (gsize i = 0; i < n_bytes; i++)
    content[i] = (i * 31 + i / 251) & 0xFF;
  bytes = g_bytes_new_take (content, n_bytes);
  stream = g_memory_input_stream_new_from_bytes (bytes);
  buffer = inspector_byte_buffer_new_for_stream (stream, n_bytes);

  for (gsize at = 0; at < n_bytes; at += 60001)
    {
      gsize n_read = inspector_byte_buffer_read (buffer, at, read, sizeof read);

      g_assert_cmpmem (read, n_read, content + at, MIN (sizeof read, n_bytes - at));
    }
  replace (buffer, 70000, 2, "xyz");
  inspector_byte_buffer_read (buffer, 69999, read, 5);
  g_assert_cmpmem (read + 1, 3, "xyz", 3);
  g_assert_cmpuint (read[0], ==, content[69999]);
  g_assert_cmpuint (read[4], ==, content[70002]);
  g_assert_null (inspector_byte_buffer_get_problem (buffer));

  g_input_stream_close (stream, NULL, NULL);
  inspector_byte_buffer_read (buffer, 2 * 1024 * 1024, read, 5);
  g_assert_nonnull (inspector_byte_buffer_get_problem (buffer));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imsg/inspector/byte-buffer/edit", test_edit);
  g_test_add_func ("/imsg/inspector/byte-buffer/undo", test_undo);
  g_test_add_func ("/imsg/inspector/byte-buffer/many-edits", test_many_edits);
  g_test_add_func ("/imsg/inspector/byte-buffer/against-array", test_against_array);
  g_test_add_func ("/imsg/inspector/byte-buffer/find", test_find);
  g_test_add_func ("/imsg/inspector/byte-buffer/stream", test_stream);
  g_test_add_func ("/imsg/inspector/hex/geometry", test_geometry);
  return g_test_run ();
}

/* test-inspector-node.c - what the search of the session finds, and what rows hear of and say
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-node.h"
#include "inspector-stream-node.h"

#include <string.h>

typedef struct
{
  IMsgSession        *session;
  IMsgMessage        *message;
  IMsgPropertyObject *object;
  InspectorNode      *node;
} Fixture;

static void
set_text (IMsgPropertyObject *object,
          guint32             tag,
          const char         *text)
{
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_string (object, tag, text, &error);
  g_assert_no_error (error);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->session = imsg_session_new ();
  fixture->message = imsg_session_create_message (fixture->session, "IPM.Note", &error);
  g_assert_no_error (error);
  fixture->object = IMSG_PROPERTY_OBJECT (fixture->message);
  set_text (fixture->object, IMSG_PR_SUBJECT, "Straße");
  set_text (fixture->object, IMSG_PR_SENDER_NAME, "Ada Lovelace");
  fixture->node = inspector_node_new (INSPECTOR_NODE_MESSAGE, fixture->object);
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->node);
  g_clear_object (&fixture->message);
  g_clear_object (&fixture->session);
}

static void
test_matches (Fixture       *fixture,
              gconstpointer  data)
{
  g_assert_true (inspector_node_matches (fixture->node, "strasse"));
  g_assert_true (inspector_node_matches (fixture->node, "lovelace"));
  g_assert_false (inspector_node_matches (fixture->node, "babbage"));
  /* Neither runs on into the other */
  g_assert_false (inspector_node_matches (fixture->node, "strasseada"));
}

static void
test_matches_after_edit (Fixture       *fixture,
                         gconstpointer  data)
{
  g_assert_false (inspector_node_matches (fixture->node, "babbage"));
  set_text (fixture->object, IMSG_PR_SENDER_NAME, "Charles Babbage");
  inspector_node_forget_haystack (fixture->node);
  g_assert_true (inspector_node_matches (fixture->node, "babbage"));
  g_assert_false (inspector_node_matches (fixture->node, "lovelace"));
}

static void
count_cb (guint *n_heard)
{
  (*n_heard)++;
}

/* Who has shown a title is told when it changes; a node that was only searched costs nothing */
static void
test_listens_once_shown (Fixture       *fixture,
                         gconstpointer  data)
{
  guint n_heard = 0;

  g_signal_connect_swapped (fixture->node, "notify::title", G_CALLBACK (count_cb), &n_heard);
  g_assert_true (inspector_node_matches (fixture->node, "strasse"));
  set_text (fixture->object, IMSG_PR_SUBJECT, "Weg");
  g_assert_cmpuint (n_heard, ==, 0);

  g_assert_cmpstr (inspector_node_get_title (fixture->node), ==, "Weg");
  set_text (fixture->object, IMSG_PR_SUBJECT, "Platz");
  g_assert_cmpuint (n_heard, >, 0);
  g_assert_cmpstr (inspector_node_get_title (fixture->node), ==, "Platz");
}

static void
add_meanings (GString    *text,
              GListModel *nodes)
{
  for (guint i = 0; i < g_list_model_get_n_items (nodes); i++)
    {
      g_autoptr(InspectorStreamNode) node = g_list_model_get_item (nodes, i);
      g_autoptr(GListModel) children = inspector_stream_node_list_children (node);
      g_autofree char *meaning = inspector_stream_node_dup_meaning (node);

      g_string_append_printf (text, "%s = %s\n", inspector_stream_node_get_name (node), meaning);
      if (children != NULL)
        add_meanings (text, children);
    }
}

/* A stream of the map of names is no property, whatever its tag; one of a named property has a name. */
static void
test_streams_of_names (void)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgSession) session = imsg_session_new ();
  g_autoptr(IMsgMessage) message = imsg_session_create_message (session, "IPM.Note", &error);
  g_autoptr(IMsgMessage) reopened = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autoptr(GListModel) nodes = NULL;
  g_autoptr(GString) text = g_string_new (NULL);
  guint id = imsg_property_object_resolve_name (IMSG_PROPERTY_OBJECT (message),
                                                "00020329-0000-0000-c000-000000000046", "Colour",
                                                TRUE, &error);

  g_assert_no_error (error);
  imsg_property_object_set_string (IMSG_PROPERTY_OBJECT (message),
                                   imsg_property_tag (IMSG_PROPERTY_TYPE_UNICODE, id), "red",
                                   &error);
  g_assert_no_error (error);
  bytes = imsg_message_write_to_bytes (message, NULL, &error);
  g_assert_no_error (error);
  reopened = imsg_session_open_message_from_bytes (session, bytes, IMSG_OPEN_READ_ONLY, NULL,
                                                   &error);
  g_assert_no_error (error);
  nodes = inspector_stream_node_list (imsg_property_object_get_storage (
    IMSG_PROPERTY_OBJECT (reopened)), IMSG_PROPERTY_OBJECT (reopened));
  add_meanings (text, nodes);
  g_assert_nonnull (strstr (text->str, "__substg1.0_8000001F = PS_PUBLIC_STRINGS:Colour\n"));
  g_assert_nonnull (strstr (text->str, "__substg1.0_00020102 = sets of the names\n"));
  g_assert_nonnull (strstr (text->str, "__substg1.0_00030102 = ids and the names they stand for\n"));
  g_assert_nonnull (strstr (text->str, "__substg1.0_00040102 = names that are text\n"));
  g_assert_nonnull (strstr (text->str, " = names with one hash\n"));
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add ("/inspector/node/matches", Fixture, NULL, set_up, test_matches, tear_down);
  g_test_add ("/inspector/node/matches-after-edit", Fixture, NULL, set_up,
              test_matches_after_edit, tear_down);
  g_test_add ("/inspector/node/listens-once-shown", Fixture, NULL, set_up,
              test_listens_once_shown, tear_down);
  g_test_add_func ("/inspector/stream-node/names", test_streams_of_names);

  return g_test_run ();
}

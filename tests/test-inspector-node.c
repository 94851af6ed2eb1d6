/* test-inspector-node.c - what the search of the session finds, and what a row hears of
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-node.h"

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

  return g_test_run ();
}

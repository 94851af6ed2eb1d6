/* test-inspector-history.c - undo, redo, groups and the save point
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-history.h"

typedef struct
{
  int *target;
  int  before;
  int  after;
} Change;

static int n_alive;

static gboolean
change_apply (gpointer   data,
              GError   **error)
{
  Change *change = data;

  if (change->after < 0)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_FAILED, "negative");
      return FALSE;
    }
  *change->target = change->after;
  return TRUE;
}

static gboolean
change_revert (gpointer   data,
               GError   **error)
{
  Change *change = data;

  *change->target = change->before;
  return TRUE;
}

static void
change_merge (gpointer older,
              gpointer newer)
{
  ((Change *) older)->after = ((Change *) newer)->after;
}

static void
change_free (gpointer data)
{
  n_alive--;
  g_free (data);
}

static const InspectorStepKind change_kind = { change_apply, change_revert, change_merge,
                                               change_free };

static gboolean
set (InspectorHistory *history,
     const char       *label,
     int              *target,
     int               value,
     const char       *merge_key,
     gsize             n_bytes)
{
  Change *change = g_new (Change, 1);

  n_alive++;
  *change = (Change) { target, *target, value };
  return inspector_history_do (history, label, &change_kind, change, target, value, merge_key,
                               n_bytes, NULL);
}

static void
test_undo_redo (void)
{
  g_autoptr(InspectorHistory) history = inspector_history_new ();
  int value = 0;

  g_assert_true (inspector_history_is_saved (history));
  g_assert_null (inspector_history_get_undo_label (history));
  g_assert_false (inspector_history_undo (history, NULL));

  g_assert_true (set (history, "one", &value, 1, NULL, 1));
  g_assert_true (set (history, "two", &value, 2, NULL, 1));
  g_assert_cmpstr (inspector_history_get_undo_label (history), ==, "two");
  g_assert_true (inspector_history_undo (history, NULL));
  g_assert_cmpint (value, ==, 1);
  g_assert_cmpstr (inspector_history_get_redo_label (history), ==, "two");
  g_assert_true (inspector_history_redo (history, NULL));
  g_assert_cmpint (value, ==, 2);

  inspector_history_undo (history, NULL);
  g_assert_true (set (history, "three", &value, 3, NULL, 1));
  g_assert_null (inspector_history_get_redo_label (history));
  g_assert_false (set (history, "bad", &value, -1, NULL, 1));
  g_assert_cmpstr (inspector_history_get_undo_label (history), ==, "three");
}

static void
test_save_point (void)
{
  g_autoptr(InspectorHistory) history = inspector_history_new ();
  g_auto(GStrv) unsaved = NULL;
  int value = 0;

  set (history, "one", &value, 1, NULL, 1);
  inspector_history_mark_saved (history);
  set (history, "two", &value, 2, NULL, 1);
  set (history, "three", &value, 3, NULL, 1);
  g_assert_false (inspector_history_is_saved (history));
  unsaved = inspector_history_list_unsaved (history);
  g_assert_cmpuint (g_strv_length (unsaved), ==, 2);
  g_assert_cmpstr (unsaved[0], ==, "two");

  inspector_history_undo (history, NULL);
  inspector_history_undo (history, NULL);
  g_assert_true (inspector_history_is_saved (history));

  /* Doing something else from before the save puts the saved state out of reach */
  inspector_history_undo (history, NULL);
  set (history, "four", &value, 4, NULL, 1);
  g_assert_false (inspector_history_is_saved (history));
  inspector_history_undo (history, NULL);
  g_assert_false (inspector_history_is_saved (history));
}

static void
test_merge (void)
{
  g_autoptr(InspectorHistory) history = inspector_history_new ();
  int value = 0;

  set (history, "type", &value, 1, "key", 1);
  set (history, "type", &value, 2, "key", 1);
  set (history, "type", &value, 3, "other", 1);
  inspector_history_undo (history, NULL);
  g_assert_cmpint (value, ==, 2);
  inspector_history_undo (history, NULL);
  g_assert_cmpint (value, ==, 0);
  g_assert_null (inspector_history_get_undo_label (history));

  /* Never across a save */
  set (history, "type", &value, 1, "key", 1);
  inspector_history_mark_saved (history);
  set (history, "type", &value, 2, "key", 1);
  inspector_history_undo (history, NULL);
  g_assert_cmpint (value, ==, 1);
  g_assert_true (inspector_history_is_saved (history));
}

static void
test_group (void)
{
  g_autoptr(InspectorHistory) history = inspector_history_new ();
  int value = 0;
  int other = 0;

  inspector_history_begin_group (history, "both");
  set (history, "one", &value, 1, NULL, 1);
  set (history, "two", &other, 2, NULL, 1);
  g_assert_null (inspector_history_get_undo_label (history));
  inspector_history_end_group (history);
  g_assert_cmpstr (inspector_history_get_undo_label (history), ==, "both");
  inspector_history_undo (history, NULL);
  g_assert_cmpint (value, ==, 0);
  g_assert_cmpint (other, ==, 0);
  inspector_history_redo (history, NULL);
  g_assert_cmpint (other, ==, 2);

  inspector_history_begin_group (history, "given up");
  set (history, "ten", &value, 10, NULL, 1);
  inspector_history_cancel_group (history);
  g_assert_cmpint (value, ==, 1);

  inspector_history_begin_group (history, "nothing");
  inspector_history_end_group (history);
  g_assert_cmpstr (inspector_history_get_undo_label (history), ==, "both");
}

static void
test_limits (void)
{
  g_autoptr(InspectorHistory) history = inspector_history_new ();
  int value = 0;
  guint n_undone = 0;

  for (int i = 1; i <= INSPECTOR_HISTORY_MAX_STEPS + 1; i++)
    set (history, "count", &value, i, NULL, 1);
  while (inspector_history_undo (history, NULL))
    n_undone++;
  g_assert_cmpuint (n_undone, ==, INSPECTOR_HISTORY_MAX_STEPS);
  g_assert_cmpint (value, ==, 1);
  g_assert_false (inspector_history_is_saved (history));

  inspector_history_clear (history);
  set (history, "large", &value, 1, NULL, INSPECTOR_HISTORY_MAX_BYTES);
  set (history, "small", &value, 2, NULL, 1);
  g_assert_true (inspector_history_undo (history, NULL));
  g_assert_false (inspector_history_undo (history, NULL));
}

static gpointer gone = NULL;

static gboolean
is_gone (gpointer subject)
{
  return subject == gone;
}

/* The steps of what is gone go with it, a group whole; those of others can be undone as before */
static void
test_drop (void)
{
  g_autoptr(InspectorHistory) history = inspector_history_new ();
  int kept = 0;
  int closed = 0;

  set (history, "kept", &kept, 1, NULL, 1);
  set (history, "closed", &closed, 1, NULL, 1);
  inspector_history_mark_saved (history);
  set (history, "kept again", &kept, 2, NULL, 1);
  inspector_history_begin_group (history, "both");
  set (history, "kept with it", &kept, 3, NULL, 1);
  set (history, "closed with it", &closed, 2, NULL, 1);
  inspector_history_end_group (history);
  set (history, "undone", &closed, 3, NULL, 1);
  inspector_history_undo (history, NULL);

  gone = &closed;
  inspector_history_drop (history, is_gone);
  g_assert_null (inspector_history_get_redo_label (history));
  g_assert_cmpstr (inspector_history_get_undo_label (history), ==, "kept again");
  g_assert_false (inspector_history_is_saved (history));
  g_assert_true (inspector_history_undo (history, NULL));
  g_assert_cmpint (kept, ==, 1);
  g_assert_true (inspector_history_is_saved (history));
  g_assert_true (inspector_history_undo (history, NULL));
  g_assert_cmpint (kept, ==, 0);
  g_assert_false (inspector_history_undo (history, NULL));
}

static void
test_no_leak (void)
{
  InspectorHistory *history = inspector_history_new ();
  int value = 0;
  int n_before = n_alive;

  set (history, "one", &value, 1, "key", 1);
  set (history, "two", &value, 2, "key", 1);
  set (history, "bad", &value, -1, NULL, 1);
  inspector_history_begin_group (history, "open");
  set (history, "three", &value, 3, NULL, 1);
  g_assert_finalize_object (history);
  g_assert_cmpint (n_alive, ==, n_before);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imsg/inspector/history/undo-redo", test_undo_redo);
  g_test_add_func ("/imsg/inspector/history/save-point", test_save_point);
  g_test_add_func ("/imsg/inspector/history/merge", test_merge);
  g_test_add_func ("/imsg/inspector/history/group", test_group);
  g_test_add_func ("/imsg/inspector/history/limits", test_limits);
  g_test_add_func ("/imsg/inspector/history/drop", test_drop);
  g_test_add_func ("/imsg/inspector/history/no-leak", test_no_leak);
  return g_test_run ();
}

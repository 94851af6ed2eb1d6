/* test-task.c - work in another thread, and who lets go of what it needed
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "imsg-task-private.h"

#define N_TASKS 20000

typedef struct
{
  GThread   *owner;
  GMainLoop *loop;
  guint      n_done;
  int        n_elsewhere; /* atomic */
  int        n_freed;     /* atomic */
} Fixture;

static void start_task (Fixture *fixture);

static void
free_data (gpointer data)
{
  Fixture *fixture = data;

  if (g_thread_self () != fixture->owner)
    g_atomic_int_inc (&fixture->n_elsewhere);
  g_atomic_int_inc (&fixture->n_freed);
}

static void
work (GTask        *task,
      gpointer      source_object,
      gpointer      task_data,
      GCancellable *cancellable)
{
  g_task_return_boolean (task, TRUE);
}

static void
done_cb (GObject      *source_object,
         GAsyncResult *result,
         gpointer      user_data)
{
  Fixture *fixture = user_data;

  g_assert_true (g_task_propagate_boolean (G_TASK (result), NULL));
  if (++fixture->n_done < N_TASKS)
    start_task (fixture);
  else
    g_main_loop_quit (fixture->loop);
}

static void
start_task (Fixture *fixture)
{
  g_autoptr(GTask) task = g_task_new (NULL, NULL, done_cb, fixture);

  g_task_set_task_data (task, fixture, free_data);
  _imsg_task_run_in_thread (task, work);
}

/* GTask by itself leaves some tasks in a hundred to the other thread */
static void
test_let_go_here (void)
{
  Fixture fixture = { g_thread_self (), g_main_loop_new (NULL, FALSE), 0, 0, 0 };

  start_task (&fixture);
  g_main_loop_run (fixture.loop);
  while (g_atomic_int_get (&fixture.n_freed) < N_TASKS)
    g_main_context_iteration (NULL, FALSE);
  g_assert_cmpint (fixture.n_elsewhere, ==, 0);
  g_main_loop_unref (fixture.loop);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/imsg/task/let-go-here", test_let_go_here);

  return g_test_run ();
}

/* test-main-loop.c - notifications in a program that runs a main loop
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "mapi-message.h"

#include <glib.h>

static LPMAPIADVISESINK wrapper;
static NOTIFICATION notification;
static int n_begun, n_ended;

/* As a program does that shows a dialog: something else happens, and the loop runs meanwhile. */
static LONG
run_loop (LPVOID context, ULONG n, LPNOTIFICATION notifications)
{
  (void) context;
  (void) n;
  (void) notifications;
  if (++n_begun == 1)
    {
      wrapper->lpVtbl->OnNotify (wrapper, 1, &notification);
      while (g_main_context_iteration (NULL, FALSE))
        ;
      CHECK (n_begun == 2 && n_ended == 1);
    }
  n_ended++;
  return S_OK;
}

static void
test_nested_loop (void)
{
  LPMAPIADVISESINK sink = NULL;

  notification.ulEventType = fnevTableModified;
  notification.info.tab.ulTableEvent = TABLE_CHANGED;
  CHECK_HR (HrAllocAdviseSink (run_loop, NULL, &sink), S_OK);
  CHECK_HR (HrThisThreadAdviseSink (sink, &wrapper), S_OK);
  wrapper->lpVtbl->OnNotify (wrapper, 1, &notification);
  CHECK (n_begun == 0);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  CHECK (n_begun == 2 && n_ended == 2);
  /* What was delivered by hand leaves nothing behind for the loop. */
  wrapper->lpVtbl->OnNotify (wrapper, 1, &notification);
  CHECK_HR (HrDispatchNotifications (0), S_OK);
  CHECK (n_ended == 3);
  CHECK (!g_main_context_pending (NULL));
  CHECK (UlRelease (wrapper) == 0);
  CHECK (UlRelease (sink) == 0);
}

int
main (void)
{
  RUN (test_nested_loop);
  remove_files ();
  return finish_tests ();
}

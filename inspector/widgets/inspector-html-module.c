/* inspector-html-module.c - the view of HTML, which is loaded when it is first needed
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-html-module.h"

#include <gmodule.h>

#define MODULE_NAME "imsg-html-view." G_MODULE_SUFFIX

static const InspectorHtmlModule *loaded = NULL;

/* Beside the program when it runs from where it was built */
static char *
find_module (void)
{
  g_autofree char *program = g_file_read_link ("/proc/self/exe", NULL);
  g_autofree char *folder = program != NULL ? g_path_get_dirname (program) : NULL;
  g_autofree char *beside = folder != NULL ? g_build_filename (folder, MODULE_NAME, NULL) : NULL;

  if (beside != NULL && g_file_test (beside, G_FILE_TEST_IS_REGULAR))
    return g_steal_pointer (&beside);
  return g_build_filename (INSPECTOR_MODULE_DIR, MODULE_NAME, NULL);
}

/* The dynamic linker takes its time, so it does that in a thread */
static void
load_in_thread (GTask        *task,
                gpointer      source_object,
                gpointer      task_data,
                GCancellable *cancellable)
{
  g_autofree char *path = find_module ();
  GModule *module = g_module_open (path, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);
  gpointer symbol = NULL;

  if (module == NULL || !g_module_symbol (module, INSPECTOR_HTML_MODULE_SYMBOL, &symbol))
    {
      g_task_return_new_error (task, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "%s", g_module_error ());
      if (module != NULL)
        g_module_close (module);
      return;
    }
  /* Its types stay registered */
  g_module_make_resident (module);
  g_task_return_pointer (task, symbol, NULL);
}

void
inspector_html_module_load_async (GCancellable        *cancellable,
                                  GAsyncReadyCallback  callback,
                                  gpointer             user_data)
{
  g_autoptr(GTask) task = g_task_new (NULL, cancellable, callback, user_data);

  g_task_set_source_tag (task, inspector_html_module_load_async);
  if (loaded != NULL)
    g_task_return_pointer (task, (gpointer) loaded, NULL);
  else
    g_task_run_in_thread (task, load_in_thread);
}

const InspectorHtmlModule *
inspector_html_module_load_finish (GAsyncResult  *result,
                                   GError       **error)
{
  const InspectorHtmlModule *module = g_task_propagate_pointer (G_TASK (result), error);

  if (module != NULL)
    loaded = module;
  return module;
}

const InspectorHtmlModule *
inspector_html_module_get (void)
{
  return loaded;
}

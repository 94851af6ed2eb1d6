/* inspector-html-module.h - the view of HTML, which is loaded when it is first needed
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-find-bar.h"

#include <adwaita.h>
#include <imsg.h>

G_BEGIN_DECLS

/* To link WebKitGTK costs a program more than its window does, so what uses it is a module beside
 * the program. This is what the module gives. */
typedef struct
{
  GtkWidget *(*create)     (void);
  /* The message gives the inline images; it may be NULL */
  void       (*show)       (GtkWidget    *view,
                            const char   *html,
                            IMsgMessage  *message,
                            gboolean      load_remote);
  void       (*clear)      (GtkWidget    *view);
  /* Ends with an empty text; the view tells by its signal "found", with a boolean */
  void       (*find)       (GtkWidget          *view,
                            const char         *text,
                            InspectorFindStep   step);
  /* Lays the page out anew, with no window needed, and asks where to print it */
  void       (*print)      (const char   *html,
                            IMsgMessage  *message,
                            gboolean      load_remote,
                            GtkWindow    *parent);
} InspectorHtmlModule;

#define INSPECTOR_HTML_MODULE_SYMBOL "inspector_html_module"

void                       inspector_html_module_load_async  (GCancellable        *cancellable,
                                                              GAsyncReadyCallback  callback,
                                                              gpointer             user_data);
/* NULL and an error when this build, or this computer, has none */
const InspectorHtmlModule *inspector_html_module_load_finish (GAsyncResult        *result,
                                                              GError             **error);
/* NULL until it was loaded */
const InspectorHtmlModule *inspector_html_module_get         (void);

G_END_DECLS

/* inspector-export.h - a message in other formats
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>
#include <imsg.h>

G_BEGIN_DECLS

/* The format is the one of the file's ending: eml, txt, html, rtf, ics, vcf, json or msg */
gboolean inspector_export_message      (IMsgMessage     *message,
                                        GFile           *file,
                                        GCancellable    *cancellable,
                                        GPtrArray      **losses,
                                        GError         **error);
/* name: what is suggested, which begins with the format of its ending */
void     inspector_export_add_filters  (GtkFileChooser  *chooser,
                                        IMsgMessage     *message,
                                        const char      *name);
/* (transfer full): once the chooser with these filters is answered */
GFile   *inspector_export_get_chosen_file (GtkFileChooser *chooser);
/* A file name made of the subject, with nothing in it that a disk minds */
char    *inspector_export_suggest_name (IMsgMessage     *message,
                                        const char      *suffix);

G_END_DECLS

/* inspector-comparison.h - in what two messages differ
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <gtk/gtk.h>
#include <imsg.h>

G_BEGIN_DECLS

/* Appends rows of "mark\tproperty\tfirst\tsecond"; returns how many differ. Recipients, attachments
 * and embedded messages are compared too, aligned by their order. In any thread that has the
 * messages for itself. */
guint inspector_compare_messages (IMsgMessage   *first,
                                  IMsgMessage   *second,
                                  gboolean       with_equal,
                                  GtkStringList *rows,
                                  GCancellable  *cancellable);

G_END_DECLS

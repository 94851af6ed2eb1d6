/* inspector-window-private.h - what the files of the window share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include "inspector-window.h"

#include "inspector-attachment-page.h"
#include "inspector-message-page.h"
#include "inspector-preview-page.h"
#include "inspector-property-page.h"
#include "inspector-recipient-page.h"
#include "inspector-recovery.h"
#include "inspector-storage-page.h"
#include "inspector-tree.h"
#include "inspector-value-pane.h"
#include "inspector-view.h"

G_BEGIN_DECLS

/* What a button of the strip does; the window keeps what it is about */
typedef enum
{
  INSPECTOR_STRIP_NONE,
  INSPECTOR_STRIP_SAVE_AS,
  INSPECTOR_STRIP_TRY_AGAIN,
  INSPECTOR_STRIP_SAVE_ANYWAY,
  INSPECTOR_STRIP_RELOAD,
  INSPECTOR_STRIP_RELOAD_ANYWAY,
  INSPECTOR_STRIP_COPY_UNSAVED,
  INSPECTOR_STRIP_SHOW_LOSSES,
  INSPECTOR_STRIP_RESTORE,
  INSPECTOR_STRIP_FORGET,
} InspectorStripAction;

struct _InspectorWindow
{
  AdwApplicationWindow     parent_instance;

  AdwToastOverlay         *toasts;
  GtkStack                *states;
  GtkMenuButton           *start_menu_button;
  GtkWidget               *start_progress_box;
  GtkProgressBar          *start_progress;
  GtkInfoBar              *start_strip;
  GtkLabel                *start_strip_label;
  GtkButton               *start_strip_first_button;
  GtkButton               *start_strip_second_button;
  AdwStatusPage           *start_page;

  /* Of the session, NULL until it is first shown */
  AdwLeaflet              *leaflet;
  GtkWidget               *sidebar;
  GtkWidget               *content;
  AdwWindowTitle          *sidebar_title;
  AdwViewSwitcherTitle    *switcher_title;
  AdwViewSwitcherBar      *switcher_bar;
  GtkWidget               *undo_button;
  GtkWidget               *redo_button;
  GtkWidget               *pane_button;
  GtkWidget               *save_button;
  GtkWidget               *lock_icon;
  GtkWidget               *progress_box;
  GtkProgressBar          *progress;
  GtkInfoBar              *strip;
  GtkBox                  *strip_box;
  GtkLabel                *strip_label;
  GtkButton               *strip_first_button;
  GtkButton               *strip_second_button;
  AdwFlap                 *flap;
  GtkStack                *kinds;
  AdwViewStack            *pages;
  AdwViewStackPage        *message_stack_page;
  GtkStack                *readings;
  AdwStatusPage           *problem_page;
  GtkMenuButton           *menu_button;
  GtkListBox              *recent_list;
  GtkPopover              *recent_popover;
  InspectorTree           *tree;
  InspectorMessagePage    *message_page;
  InspectorPreviewPage    *preview_page;
  InspectorPropertyPage   *property_page;
  InspectorStoragePage    *storage_page;
  InspectorRecipientPage  *recipient_page;
  InspectorAttachmentPage *attachment_page;
  InspectorValuePane      *value_pane;

  InspectorView           *view;
  InspectorRecovery       *recovery;
  GPtrArray               *recovered;       /* offered in the strip; NULL for nothing */
  GPtrArray               *losses;          /* of the last export; NULL for none */
  IMsgSession             *session;         /* the one whose signals we follow */
  InspectorStripAction     strip_actions[2];
  IMsgMessage             *strip_message;   /* what the strip is about */

  GQueue                   waiting;         /* of GFile, to be opened */
  GQueue                   imported;        /* of GBytes, each to be a message */
  GString                 *failures;        /* what could not be opened */
  GFile                   *failed_file;     /* the last of it */
  GError                  *failure;
  guint                    n_failed;
  guint                    n_opened;
  guint                    n_to_open;
  GCancellable            *cancellable;     /* of what is under way */
  guint                    progress_source;
  guint                    update_source;   /* of the titles and actions */
  GFileMonitor            *monitor;         /* of the file of the selected message */
  GFile                   *monitored;
  char                    *file_etag;       /* as that file was last seen; NULL when not yet */
  IMsgMessage             *closing;         /* closed once it is saved; NULL for none */
  GQueue                   to_save;         /* of IMsgMessage, by Save All and closing */
  guint                    wants_pane : 1;  /* where there is something to show in it */
  guint                    is_file_gone : 1;
  guint                    strip_asks : 1;  /* what is to become of a save that failed */
  guint                    is_saving : 1;
  guint                    closes_after_save : 1;
  guint                    ends_session_after_save : 1;
  guint                    may_close : 1;
};

/* inspector-window.c */
IMsgMessage *_inspector_window_get_root          (InspectorWindow       *self);
void         _inspector_window_update            (InspectorWindow       *self);
void         _inspector_window_set_page          (InspectorWindow       *self,
                                                  const char            *page);
void         _inspector_window_show_strip        (InspectorWindow       *self,
                                                  const char            *text,
                                                  IMsgMessage           *message,
                                                  const char            *first,
                                                  InspectorStripAction   first_action,
                                                  const char            *second,
                                                  InspectorStripAction   second_action);
void         _inspector_window_hide_strip        (InspectorWindow       *self);
gboolean     _inspector_window_is_strip_taken    (InspectorWindow       *self);
void         _inspector_window_start_work        (InspectorWindow       *self);
void         _inspector_window_set_progress      (InspectorWindow       *self,
                                                  double                 fraction,
                                                  const char            *text);
void         _inspector_window_end_work          (InspectorWindow       *self);
void         _inspector_window_end_session       (InspectorWindow       *self);
void         _inspector_window_strip_response    (GtkInfoBar            *strip,
                                                  int                    response,
                                                  InspectorWindow       *self);
/* Its first and second button */
void         _inspector_window_strip_first       (GtkInfoBar            *strip);
void         _inspector_window_strip_second      (GtkInfoBar            *strip);

/* inspector-window-session.c */

/* Builds what shows a session, the first time there is one to show */
void         _inspector_window_ensure_session    (InspectorWindow       *self);
void         _inspector_window_drop_session      (InspectorWindow       *self);
void         _inspector_window_show_kind         (InspectorWindow       *self);
/* Goes to what a step of the history changed */
void         _inspector_window_show_step         (InspectorWindow       *self,
                                                  gpointer               subject,
                                                  guint32                tag);
void         _inspector_window_update_titles     (InspectorWindow       *self);
void         _inspector_window_update_history    (InspectorWindow       *self);
/* What is in the value pane and not applied */
void         _inspector_window_commit            (InspectorWindow       *self);
void         _inspector_window_create_menu       (GtkMenuButton         *button,
                                                  gpointer               user_data);

/* inspector-window-actions.c */
void         _inspector_window_class_add_actions (GtkWidgetClass        *widget_class);
void         _inspector_window_update_actions    (InspectorWindow       *self);

/* inspector-window-files.c */
void         _inspector_window_choose_files      (InspectorWindow       *self);
void         _inspector_window_fill_recent       (InspectorWindow       *self);
void         _inspector_window_new_message       (InspectorWindow       *self);
void         _inspector_window_choose_template   (InspectorWindow       *self);
void         _inspector_window_open_example      (InspectorWindow       *self);
void         _inspector_window_show_message      (InspectorWindow       *self,
                                                  IMsgMessage           *message);

/* inspector-window-watch.c */
void         _inspector_window_reload            (InspectorWindow       *self,
                                                  IMsgMessage           *message);
/* The same, unless something would be lost: then it asks */
void         _inspector_window_ask_to_reload     (InspectorWindow       *self,
                                                  IMsgMessage           *message);
void         _inspector_window_watch_file        (InspectorWindow       *self);
void         _inspector_window_note_own_change   (InspectorWindow       *self);

/* inspector-window-save.c */
void         _inspector_window_save              (InspectorWindow       *self,
                                                  IMsgMessage           *message,
                                                  IMsgSaveFlags          flags);
void         _inspector_window_save_as           (InspectorWindow       *self,
                                                  IMsgMessage           *message);
void         _inspector_window_save_many         (InspectorWindow       *self,
                                                  GPtrArray             *messages);
gboolean     _inspector_window_ask_before        (InspectorWindow       *self,
                                                  IMsgMessage           *message,
                                                  gboolean               end_session);

/* inspector-window-export.c */
void         _inspector_window_export            (InspectorWindow       *self);
void         _inspector_window_show_losses       (InspectorWindow       *self);

/* inspector-window-failure.c */
void         _inspector_window_show_failure      (InspectorWindow       *self,
                                                  GFile                 *file,
                                                  const GError          *error);

/* inspector-window-recovery.c */
IMsgMessage *_inspector_window_open_unsaved      (InspectorWindow       *self,
                                                  GBytes                *bytes,
                                                  GError               **error);
void         _inspector_window_restore           (InspectorWindow       *self);
void         _inspector_window_forget_recovered  (InspectorWindow       *self);
void         _inspector_window_offer_recovered   (InspectorWindow       *self);

/* inspector-window-dnd.c */
void         _inspector_window_add_drop          (InspectorWindow       *self);

G_END_DECLS

/* tool.h - what the verbs of imsg share
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#pragma once

#include <imsg.h>

G_BEGIN_DECLS

/* Exit codes */
enum
{
  TOOL_OK = 0,
  TOOL_FAILED = 1, /* some file failed; the others are done */
  TOOL_USAGE = 2,
};

/* What a worker says about one input; printed in the order of the inputs. */
typedef struct
{
  GString       *output;     /* for standard output */
  GString       *complaints; /* for standard error */
  GOutputStream *direct;     /* standard output itself, where nothing else waits for it; or NULL */
  int            spool;      /* a file without a name with a large result, behind output; or -1 */
  gboolean       is_failed;
} ToolReport;

/* The inputs of a verb and how they are worked on. */
typedef struct
{
  char  **names; /* as given; "-" is standard input */
  char   *files_from;
  int     n_jobs;
  /* where results go, for verbs that write files */
  char   *output_name;
  char   *directory;
  gboolean force;
  gboolean joins; /* results of several inputs may go into one file */
  /* where reports go, of several inputs that are joined; NULL for standard output */
  GOutputStream *sink;
  GError        *sink_error; /* the first one */
} ToolFiles;

/* Works on one input, in a session of its thread; what goes wrong goes into the report. */
typedef void (*ToolWorker) (IMsgSession *session,
                            const char  *name,
                            ToolReport  *report,
                            gpointer     user_data);

/* tool-files.c */
/* The operands are as the usage has them, marked for translation but not translated. */
void         tool_files_add_options  (ToolFiles           *self,
                                      GOptionContext      *context,
                                      const char          *operands,
                                      gboolean             with_output);
gboolean     tool_files_check        (ToolFiles           *self);
gboolean     tool_files_parse        (GOptionContext      *context,
                                      int                 *argc,
                                      char              ***argv);
void         tool_files_clear        (ToolFiles           *self);
int          tool_files_run          (ToolFiles           *self,
                                      ToolWorker           worker,
                                      gpointer             user_data);
GOptionContext *tool_context_new     (const char          *parameters,
                                      const char          *summary,
                                      const GOptionEntry  *entries);
gboolean     tool_context_parse      (GOptionContext      *context,
                                      int                 *argc,
                                      char              ***argv);
int          tool_usage              (const char          *format,
                                      ...) G_GNUC_PRINTF (1, 2);

/* tool-report.c */
void         tool_complain           (ToolReport          *report,
                                      const char          *name,
                                      const char          *format,
                                      ...) G_GNUC_PRINTF (3, 4);
char        *tool_quote_json         (const char          *text);
void         tool_complain_problem   (ToolReport          *report,
                                      const char          *name,
                                      const IMsgProblem   *problem);
void         tool_tell               (const char          *where,
                                      const char          *text);
void         tool_tell_error         (const char          *name,
                                      const GError        *error);
void         tool_tell_problems      (const char          *name,
                                      GPtrArray           *problems);
void         tool_fail               (ToolReport          *report,
                                      const char          *name,
                                      const GError        *error);
const char  *tool_error_code         (const GError        *error);
void         tool_append_clean       (GString             *string,
                                      const char          *text,
                                      gboolean             keep_lines);
char        *tool_clean              (const char          *text);
gboolean     tool_print              (const char          *text,
                                      gssize               length);
char        *tool_display_name       (const char          *name);
char        *tool_text_argument      (const char          *argument);

GOutputStream *tool_report_begin_result (ToolReport          *report,
                                      const char          *name,
                                      GError             **error);
gboolean     tool_report_end_result  (ToolReport          *report,
                                      GOutputStream       *stream,
                                      gboolean             is_good,
                                      GError             **error);

/* tool-input.c */
int          tool_open_spool         (GError             **error);
IMsgMessage *tool_open_message       (IMsgSession         *session,
                                      const char          *name,
                                      IMsgOpenFlags        flags,
                                      GError             **error);
GPtrArray   *tool_import_messages    (IMsgSession         *session,
                                      const char          *name,
                                      ToolReport          *report,
                                      GError             **error);
IMsgStorage *tool_open_storage       (const char          *name,
                                      GError             **error);
GBytes      *tool_read_all           (const char          *name,
                                      GError             **error);
char        *tool_read_text          (const char          *name,
                                      GError             **error);
gboolean     tool_is_pipe            (const char          *name);
gboolean     tool_attach             (IMsgMessage         *message,
                                      const char          *name,
                                      GError             **error);

/* tool-json.c */
GPtrArray   *tool_import_json        (IMsgSession         *session,
                                      GInputStream        *stream,
                                      const char          *name,
                                      ToolReport          *report,
                                      GError             **error);

/* tool-output.c */
GOutputStream *tool_create_file      (GFile               *file,
                                      gboolean             force,
                                      GError             **error);
gboolean     tool_finish_file        (GOutputStream       *stream,
                                      GFile               *file,
                                      gboolean             is_good,
                                      gboolean             force,
                                      GError             **error);
gboolean     tool_claim_file         (GFile               *file,
                                      gboolean             force,
                                      GError             **error);
gboolean     tool_make_directory     (GFile               *directory,
                                      GError             **error);
char        *tool_stem               (const char          *name);
char        *tool_safe_name          (const char          *name);

/* A folder that files are put into, each under a name of its own. */
typedef struct
{
  GFile      *directory;
  GHashTable *taken; /* names used in this run, case-folded -> the number to try next */
  gboolean    force;
} ToolFolder;

ToolFolder  *tool_folder_new         (GFile               *directory,
                                      gboolean             force);
void         tool_folder_free        (ToolFolder          *self);
GFile       *tool_folder_get_file    (ToolFolder          *self,
                                      const char          *safe_name);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (ToolFolder, tool_folder_free)

/* tool-property.c */
gboolean     tool_parse_property     (IMsgPropertyObject  *object,
                                      const char          *text,
                                      gboolean             create,
                                      guint32             *tag,
                                      GError             **error);
GVariant    *tool_parse_value        (guint32              tag,
                                      char               **texts,
                                      GError             **error);
gboolean     tool_assign             (IMsgPropertyObject  *object,
                                      char               **assignments,
                                      GError             **error);
char        *tool_describe_property  (IMsgProperty        *property);

/* tool-compose.c: options that new and set share */
typedef struct
{
  char  *message_class;
  char  *subject;
  char  *from;
  char **to;
  char **cc;
  char **bcc;
  char  *text;
  char  *html;
  char  *text_file;
  char  *html_file;
  char **attachments;
} ToolCompose;

void         tool_compose_add_options (ToolCompose        *self,
                                       GOptionContext     *context);
gboolean     tool_compose_check      (ToolCompose         *self);
gboolean     tool_compose_apply      (ToolCompose         *self,
                                      IMsgMessage         *message,
                                      GError             **error);
void         tool_compose_clear      (ToolCompose         *self);
gboolean     tool_parse_address      (const char          *text,
                                      char               **name,
                                      char               **address);

/* A verb; argv[0] is "imsg VERB". */
int verb_convert  (int argc, char **argv);
int verb_diff     (int argc, char **argv);
int verb_dump     (int argc, char **argv);
int verb_extract  (int argc, char **argv);
int verb_find     (int argc, char **argv);
int verb_new      (int argc, char **argv);
int verb_set      (int argc, char **argv);
int verb_show     (int argc, char **argv);
int verb_storage  (int argc, char **argv);
int verb_validate (int argc, char **argv);

G_END_DECLS

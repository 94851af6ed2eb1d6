/* test-inspector-property.c - searching the properties of a message, and taking them to another
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "inspector-edit.h"
#include "inspector-property-filter.h"
#include "inspector-property-text.h"
#include "inspector-property-transfer.h"
#include "inspector-view.h"

typedef struct
{
  IMsgSession             *session;
  IMsgMessage             *message;
  IMsgPropertyObject      *object;
  InspectorHistory        *history;
  InspectorPropertyFilter *filter;
  GtkFilterListModel      *filtered;
} Fixture;

static void
set_value (IMsgPropertyObject *object,
           guint32             tag,
           GVariant           *value)
{
  g_autoptr(GVariant) owned = g_variant_ref_sink (value);
  g_autoptr(GError) error = NULL;

  imsg_property_object_set_value (object, tag, owned, &error);
  g_assert_no_error (error);
}

static guint32
resolve (IMsgPropertyObject *object,
         const char         *set,
         const char         *name,
         IMsgPropertyType    type)
{
  g_autoptr(GError) error = NULL;
  guint id = imsg_property_object_resolve_name (object, set, name, TRUE, &error);

  g_assert_no_error (error);
  return imsg_property_tag (type, id);
}

static void
set_up (Fixture       *fixture,
        gconstpointer  data)
{
  g_autoptr(GError) error = NULL;

  fixture->session = imsg_session_new ();
  fixture->history = inspector_history_new ();
  fixture->message = imsg_session_create_message (fixture->session, "IPM.Note", &error);
  g_assert_no_error (error);
  fixture->object = IMSG_PROPERTY_OBJECT (fixture->message);
  set_value (fixture->object, IMSG_PR_SUBJECT, g_variant_new_string ("Straße"));
  set_value (fixture->object, IMSG_PR_IMPORTANCE, g_variant_new_int32 (2));
  set_value (fixture->object,
             resolve (fixture->object, "PS_PUBLIC_STRINGS", "x-project", IMSG_PROPERTY_TYPE_UNICODE),
             g_variant_new_string ("Apollo"));
  fixture->filter = inspector_property_filter_new ();
  fixture->filtered =
    gtk_filter_list_model_new (g_object_ref (imsg_property_object_get_properties (fixture->object)),
                               GTK_FILTER (g_object_ref (fixture->filter)));
}

static void
tear_down (Fixture       *fixture,
           gconstpointer  data)
{
  g_clear_object (&fixture->filtered);
  g_clear_object (&fixture->filter);
  g_clear_object (&fixture->history);
  g_clear_object (&fixture->message);
  imsg_session_close (fixture->session);
  g_clear_object (&fixture->session);
}

static gboolean
shows (Fixture *fixture,
       guint32  tag)
{
  GListModel *list = G_LIST_MODEL (fixture->filtered);

  for (guint i = 0; i < g_list_model_get_n_items (list); i++)
    {
      g_autoptr(IMsgProperty) property = g_list_model_get_item (list, i);

      if (imsg_property_get_tag (property) == tag)
        return TRUE;
    }
  return FALSE;
}

static guint
count (Fixture *fixture)
{
  return g_list_model_get_n_items (G_LIST_MODEL (fixture->filtered));
}

/* What of a property was edited, and what is made of others */
static void
test_origin (Fixture       *fixture,
             gconstpointer  data)
{
  g_autoptr(IMsgProperty) edited = inspector_object_find_property (fixture->object,
                                                                   IMSG_PR_IMPORTANCE);
  g_autoptr(IMsgProperty) computed = inspector_object_find_property (fixture->object,
                                                                     IMSG_PR_ACCESS);

  g_assert_cmpstr (inspector_property_get_origin_word (edited), ==, "changed");
  g_assert_cmpstr (inspector_property_get_origin_word (computed), ==, "computed");
}

/* By each of its names, its tag, a name of its value, and the value without regard to case */
static void
test_search (Fixture       *fixture,
             gconstpointer  data)
{
  static const struct { const char *text; guint32 tag; } searches[] = {
    { "PR_IMPORTANCE", IMSG_PR_IMPORTANCE },
    { "pidtagimportance", IMSG_PR_IMPORTANCE },
    { "importance", IMSG_PR_IMPORTANCE },
    { "0x0017", IMSG_PR_IMPORTANCE },
    { "IMPORTANCE_HIGH", IMSG_PR_IMPORTANCE },
    { "STRASSE", IMSG_PR_SUBJECT },
  };

  for (guint i = 0; i < G_N_ELEMENTS (searches); i++)
    {
      g_test_message ("%s", searches[i].text);
      inspector_property_filter_set_text (fixture->filter, searches[i].text);
      g_assert_true (shows (fixture, searches[i].tag));
      g_assert_cmpuint (count (fixture), <=, 4);
    }
  inspector_property_filter_set_text (fixture->filter, "00020329-0000-0000-c000");
  g_assert_cmpuint (count (fixture), ==, 1);
  inspector_property_filter_set_text (fixture->filter, "PS_PUBLIC_STRINGS");
  g_assert_cmpuint (count (fixture), ==, 1);
  inspector_property_filter_set_text (fixture->filter, "nothing of the kind");
  g_assert_cmpuint (count (fixture), ==, 0);
  inspector_property_filter_set_text (fixture->filter, "");
  g_assert_true (inspector_property_filter_is_empty (fixture->filter));
  g_assert_cmpuint (count (fixture), >, 4);
}

static void
test_chips (Fixture       *fixture,
            gconstpointer  data)
{
  inspector_property_filter_set_chips (fixture->filter, INSPECTOR_CHIP_NAMED);
  g_assert_cmpuint (count (fixture), ==, 1);
  inspector_property_filter_set_chips (fixture->filter, INSPECTOR_CHIP_READ_ONLY);
  g_assert_false (shows (fixture, IMSG_PR_SUBJECT));
  g_assert_cmpuint (count (fixture), >, 0);
  inspector_property_filter_set_chips (fixture->filter,
                                       INSPECTOR_CHIP_CHANGED | INSPECTOR_CHIP_BINARY);
  g_assert_cmpuint (count (fixture), ==, 0);
  set_value (fixture->object, 0x66060102, g_variant_new_bytestring ("bytes"));
  g_assert_cmpuint (count (fixture), ==, 1);
}

/* Texts that were prepared are forgotten when their property changes */
static void
test_prepare (Fixture       *fixture,
              gconstpointer  data)
{
  GListModel *list = imsg_property_object_get_properties (fixture->object);
  guint position = 0;

  while (inspector_property_filter_prepare (fixture->filter, list, &position))
    ;
  g_assert_cmpuint (position, ==, g_list_model_get_n_items (list));
  set_value (fixture->object, IMSG_PR_SUBJECT, g_variant_new_string ("Other"));
  inspector_property_filter_forget (fixture->filter, IMSG_PR_SUBJECT);
  inspector_property_filter_set_text (fixture->filter, "strasse");
  g_assert_false (shows (fixture, IMSG_PR_SUBJECT));
  inspector_property_filter_set_text (fixture->filter, "other");
  g_assert_true (shows (fixture, IMSG_PR_SUBJECT));
}

/* A named property has another id in another message, and the same name */
static void
test_transfer (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(IMsgMessage) other = imsg_session_create_message (fixture->session, "IPM.Note", &error);
  IMsgPropertyObject *object = IMSG_PROPERTY_OBJECT (other);
  guint32 from = resolve (fixture->object, "PS_PUBLIC_STRINGS", "x-project",
                          IMSG_PROPERTY_TYPE_UNICODE);
  g_autoptr(IMsgProperty) property = inspector_object_find_property (fixture->object, from);
  g_autoptr(GBytes) bytes = inspector_property_to_transfer (property);
  g_autofree char *text = NULL;
  guint32 tag = 0;

  g_assert_no_error (error);
  resolve (object, "PS_PUBLIC_STRINGS", "another", IMSG_PROPERTY_TYPE_UNICODE);
  inspector_property_from_transfer (fixture->history, object, bytes, &tag, &error);
  g_assert_no_error (error);
  g_assert_cmphex (tag, !=, from);
  text = imsg_property_object_get_string (object, tag);
  g_assert_cmpstr (text, ==, "Apollo");
  inspector_history_undo (fixture->history, &error);
  g_assert_no_error (error);
  g_assert_false (imsg_property_object_has_value (object, tag));
}

static void
test_transfer_damaged (Fixture       *fixture,
                       gconstpointer  data)
{
  static const char * const values[] = {
    "(uint32 0, '', '', <'text'>)",
    "(uint32 0x00370003, '', '', <'text'>)",
    "(uint32 0x00370000, '', '', <'text'>)",
    "(uint32 0x8000001F, 'no set', 'name', <'text'>)",
  };
  g_autoptr(GBytes) empty = g_bytes_new_static ("", 0);
  g_autoptr(GError) error = NULL;
  guint32 tag = 0;

  g_assert_false (inspector_property_from_transfer (fixture->history, fixture->object, empty, &tag,
                                                    &error));
  g_assert_nonnull (error);
  for (guint i = 0; i < G_N_ELEMENTS (values); i++)
    {
      g_autoptr(GVariant) value = g_variant_parse (G_VARIANT_TYPE ("(ussv)"), values[i], NULL, NULL,
                                                   NULL);
      g_autoptr(GBytes) bytes = g_variant_get_data_as_bytes (value);

      g_clear_error (&error);
      g_assert_false (inspector_property_from_transfer (fixture->history, fixture->object, bytes,
                                                        &tag, &error));
      g_assert_nonnull (error);
    }
}

static void
test_sentence (Fixture       *fixture,
               gconstpointer  data)
{
  g_autoptr(IMsgProperty) subject = inspector_object_find_property (fixture->object,
                                                                    IMSG_PR_SUBJECT);
  g_autoptr(IMsgProperty) computed = inspector_object_find_property (fixture->object,
                                                                     IMSG_PR_DISPLAY_TO);
  g_autofree char *changed = inspector_property_dup_sentence (subject, FALSE);
  g_autofree char *draft = inspector_property_dup_sentence (subject, TRUE);
  g_autofree char *locked = inspector_property_dup_sentence (computed, FALSE);
  g_autofree char *facts = inspector_property_dup_facts (subject);

  g_assert_cmpstr (changed, ==, "Subject, text, Straße, changed");
  g_assert_cmpstr (draft, ==, "Subject, text, Straße, not applied yet");
  g_assert_true (g_str_has_suffix (locked, ", read-only"));
  g_assert_nonnull (strstr (facts, "0x0037001F"));
  g_assert_nonnull (strstr (facts, "PidTagSubject"));
}

/* A type that has no name, as only other programs write, is told by its number */
static void
test_unnamed_type (Fixture       *fixture,
                   gconstpointer  data)
{
  static const char stored[] = "\x03\x00\x17\x00";
  g_autoptr(GFileIOStream) stream = NULL;
  g_autoptr(GFile) file = g_file_new_tmp (NULL, &stream, NULL);
  g_autoptr(IMsgMessage) patched = NULL;
  g_autoptr(IMsgProperty) property = NULL;
  g_autoptr(GBytes) bytes = NULL;
  g_autofree char *content = NULL;
  g_autofree char *row = NULL;
  g_autofree char *json = NULL;
  g_autoptr(GError) error = NULL;
  char *entry = NULL;
  gsize n_bytes = 0;

  imsg_message_save_as (fixture->message, file, IMSG_SAVE_NONE, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_file_load_contents (file, NULL, &content, &n_bytes, NULL, &error));
  g_file_delete (file, NULL, NULL);
  entry = memmem (content, n_bytes, stored, sizeof stored - 1);
  g_assert_nonnull (entry);
  memcpy (entry, "\x34\x02", 2);
  bytes = g_bytes_new (content, n_bytes);
  patched = imsg_session_open_message_from_bytes (fixture->session, bytes, 0, NULL, &error);
  g_assert_no_error (error);

  property = inspector_object_find_property (IMSG_PROPERTY_OBJECT (patched), 0x00170234);
  g_assert_nonnull (property);
  row = inspector_property_dup_copy (property, "row");
  json = inspector_property_dup_copy (property, "json");
  g_assert_nonnull (strstr (row, "\t0x0234\t"));
  g_assert_nonnull (strstr (json, "\"type\":\"0x0234\""));
}

int
main (int    argc,
      char **argv)
{
  static const struct { const char *path; void (*func) (Fixture *, gconstpointer); } tests[] = {
    { "/imsg/inspector/property/origin", test_origin },
    { "/imsg/inspector/property/search", test_search },
    { "/imsg/inspector/property/chips", test_chips },
    { "/imsg/inspector/property/prepare", test_prepare },
    { "/imsg/inspector/property/transfer", test_transfer },
    { "/imsg/inspector/property/transfer-damaged", test_transfer_damaged },
    { "/imsg/inspector/property/sentence", test_sentence },
    { "/imsg/inspector/property/unnamed-type", test_unnamed_type },
  };

  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, NULL, set_up, tests[i].func, tear_down);
  return g_test_run ();
}

/* mapi-util-notify.c - advise sinks: from a callback, and bound to a thread
 * SPDX-License-Identifier: LGPL-2.1-or-later */
#include "config.h"

#include "mapi-private.h"

typedef struct
{
  IMAPIAdviseSink  iface;
  int              ref_count;
  LPNOTIFCALLBACK  callback;
  LPVOID           context;
} CallbackSink;

static HRESULT
sink_query_interface (IMAPIAdviseSink *iface,
                      REFIID           riid,
                      LPVOID          *object)
{
  if (object == NULL)
    return E_INVALIDARG;
  return mapi_answer_interface (iface, riid, object, &IID_IMAPIAdviseSink, NULL);
}

static ULONG
callback_sink_add_ref (IMAPIAdviseSink *iface)
{
  CallbackSink *self = (CallbackSink *) iface;

  return (ULONG) g_atomic_int_add (&self->ref_count, 1) + 1;
}

static ULONG
callback_sink_release (IMAPIAdviseSink *iface)
{
  CallbackSink *self = (CallbackSink *) iface;
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    g_free (self);
  return (ULONG) (before - 1);
}

static ULONG
callback_sink_on_notify (IMAPIAdviseSink *iface,
                         ULONG            n_notifications,
                         LPNOTIFICATION   notifications)
{
  CallbackSink *self = (CallbackSink *) iface;

  return (ULONG) self->callback (self->context, n_notifications, notifications);
}

static const IMAPIAdviseSinkVtbl callback_sink_vtbl = {
  sink_query_interface,
  callback_sink_add_ref,
  callback_sink_release,
  callback_sink_on_notify,
};

HRESULT
HrAllocAdviseSink (LPNOTIFCALLBACK   lpfnCallback,
                   LPVOID            lpvContext,
                   LPMAPIADVISESINK *lppAdviseSink)
{
  CallbackSink *self;

  if (lppAdviseSink == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppAdviseSink = NULL;
  if (lpfnCallback == NULL)
    return MAPI_E_INVALID_PARAMETER;
  self = g_new0 (CallbackSink, 1);
  self->iface.lpVtbl = &callback_sink_vtbl;
  self->ref_count = 1;
  self->callback = lpfnCallback;
  self->context = lpvContext;
  *lppAdviseSink = &self->iface;
  return S_OK;
}

/* --- sinks bound to a thread --- */

/* What waits for one thread. The thread's own record lives as long as a wrapper made there does. */
typedef struct
{
  GMutex        mutex;
  GQueue        deliveries; /* (element-type Delivery) */
  GMainContext *context;    /* of that thread; wakes it up when it runs one */
  GSource      *source;     /* (nullable): owned; attached to context while anything waits */
  GThread      *thread;     /* only compared */
} ThreadQueue;

typedef struct
{
  IMAPIAdviseSink  iface;
  int              ref_count;
  IMAPIAdviseSink *inner;
  ThreadQueue     *queue;
} ThreadSink;

typedef struct
{
  IMAPIAdviseSink *inner;
  ULONG            n_notifications;
  LPNOTIFICATION   notifications; /* a flat copy, in MAPI memory */
} Delivery;

static void
delivery_free (Delivery *delivery)
{
  delivery->inner->lpVtbl->Release (delivery->inner);
  MAPIFreeBuffer (delivery->notifications);
  g_free (delivery);
}

static void
thread_queue_clear (gpointer data)
{
  ThreadQueue *queue = data;

  g_queue_clear_full (&queue->deliveries, (GDestroyNotify) delivery_free);
  g_mutex_clear (&queue->mutex);
  g_main_context_unref (queue->context);
}

static void
thread_queue_unref (gpointer data)
{
  g_atomic_rc_box_release_full (data, thread_queue_clear);
}

static GPrivate own_queue = G_PRIVATE_INIT (thread_queue_unref);

static ThreadQueue *
get_own_queue (void)
{
  ThreadQueue *queue = g_private_get (&own_queue);

  if (queue == NULL)
    {
      queue = g_atomic_rc_box_new0 (ThreadQueue);
      g_mutex_init (&queue->mutex);
      g_queue_init (&queue->deliveries);
      queue->context = g_main_context_ref_thread_default ();
      queue->thread = g_thread_self ();
      g_private_set (&own_queue, queue);
    }
  return queue;
}

/* Whatever comes from here on attaches a source of its own: a sink may run a main loop, which does
 * not run the source again that called the sink. */
static void
let_go_source (ThreadQueue *queue)
{
  g_autoptr(GSource) source = NULL;

  g_mutex_lock (&queue->mutex);
  source = g_steal_pointer (&queue->source);
  g_mutex_unlock (&queue->mutex);
  if (source != NULL)
    g_source_destroy (source);
}

static void
dispatch (ThreadQueue *queue)
{
  let_go_source (queue);
  for (;;)
    {
      Delivery *delivery;

      g_mutex_lock (&queue->mutex);
      delivery = g_queue_pop_head (&queue->deliveries);
      g_mutex_unlock (&queue->mutex);
      if (delivery == NULL)
        return;
      delivery->inner->lpVtbl->OnNotify (delivery->inner, delivery->n_notifications,
                                         delivery->notifications);
      delivery_free (delivery);
    }
}

static gboolean dispatch_cb (gpointer data);

/* With the mutex held: one source for all that waits, or programs without a main loop, which only
 * call HrDispatchNotifications, would gather one for each. */
static void
attach_source (ThreadQueue *queue)
{
  if (queue->source != NULL)
    return;
  queue->source = g_idle_source_new ();
  g_source_set_priority (queue->source, G_PRIORITY_DEFAULT);
  g_source_set_callback (queue->source, dispatch_cb, g_atomic_rc_box_acquire (queue),
                         thread_queue_unref);
  g_source_attach (queue->source, queue->context);
}

static gboolean
dispatch_cb (gpointer data)
{
  ThreadQueue *queue = data;

  /* A main loop of another thread may own the same context: leave it to HrDispatchNotifications. */
  if (queue->thread == g_thread_self ())
    dispatch (queue);
  else
    let_go_source (queue);
  return G_SOURCE_REMOVE;
}

static ULONG
thread_sink_add_ref (IMAPIAdviseSink *iface)
{
  ThreadSink *self = (ThreadSink *) iface;

  return (ULONG) g_atomic_int_add (&self->ref_count, 1) + 1;
}

static ULONG
thread_sink_release (IMAPIAdviseSink *iface)
{
  ThreadSink *self = (ThreadSink *) iface;
  int before = g_atomic_int_add (&self->ref_count, -1);

  if (before == 1)
    {
      self->inner->lpVtbl->Release (self->inner);
      thread_queue_unref (self->queue);
      g_free (self);
    }
  return (ULONG) (before - 1);
}

static ULONG
thread_sink_on_notify (IMAPIAdviseSink *iface,
                       ULONG            n_notifications,
                       LPNOTIFICATION   notifications)
{
  ThreadSink *self = (ThreadSink *) iface;
  Delivery *delivery;
  LPVOID copy;
  ULONG n_bytes;

  if (FAILED (ScCountNotifications ((int) n_notifications, notifications, &n_bytes)) ||
      FAILED (MAPIAllocateBuffer (n_bytes, &copy)))
    return (ULONG) MAPI_E_NOT_ENOUGH_MEMORY;
  ScCopyNotifications ((int) n_notifications, notifications, copy, NULL);
  delivery = g_new0 (Delivery, 1);
  delivery->inner = self->inner;
  self->inner->lpVtbl->AddRef (self->inner);
  delivery->n_notifications = n_notifications;
  delivery->notifications = copy;
  g_mutex_lock (&self->queue->mutex);
  g_queue_push_tail (&self->queue->deliveries, delivery);
  attach_source (self->queue);
  g_mutex_unlock (&self->queue->mutex);
  return S_OK;
}

static const IMAPIAdviseSinkVtbl thread_sink_vtbl = {
  sink_query_interface,
  thread_sink_add_ref,
  thread_sink_release,
  thread_sink_on_notify,
};

HRESULT
HrThisThreadAdviseSink (LPMAPIADVISESINK  lpAdviseSink,
                        LPMAPIADVISESINK *lppAdviseSink)
{
  ThreadSink *self;

  if (lppAdviseSink == NULL)
    return MAPI_E_INVALID_PARAMETER;
  *lppAdviseSink = NULL;
  if (lpAdviseSink == NULL)
    return MAPI_E_INVALID_PARAMETER;
  self = g_new0 (ThreadSink, 1);
  self->iface.lpVtbl = &thread_sink_vtbl;
  self->ref_count = 1;
  self->inner = lpAdviseSink;
  self->inner->lpVtbl->AddRef (self->inner);
  self->queue = g_atomic_rc_box_acquire (get_own_queue ());
  *lppAdviseSink = &self->iface;
  return S_OK;
}

HRESULT
HrDispatchNotifications (ULONG ulFlags)
{
  if (ulFlags != 0)
    return MAPI_E_UNKNOWN_FLAGS;
  dispatch (get_own_queue ());
  return S_OK;
}

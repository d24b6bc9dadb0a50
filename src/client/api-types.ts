/** Generated from the OpenAPI document by `npm run docs`: not to be edited. */

export interface paths {
  '/startedz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Answers 200 while this process takes requests, whatever PostgreSQL and Temporal do. */
    get: operations['get_startedz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/healthz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Answers 200 while this process lives. */
    get: operations['get_healthz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Answers 200 when PostgreSQL takes changes, Temporal answers, and a worker polls. */
    get: operations['get_readyz'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/system': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Checks PostgreSQL, Temporal, the workers and the settings, and says what to do. */
    get: operations['get_system'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/profiles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the profiles: signature headers, schedules, limits and rules of each documented system. */
    get: operations['get_profiles'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists the applications. */
    get: operations['get_apps'];
    put?: never;
    /** Creates an application with its first key. */
    post: operations['post_apps'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/app': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Returns the application that the key belongs to. */
    get: operations['get_app'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Returns an application. */
    get: operations['get_apps_by_id'];
    put?: never;
    post?: never;
    /** Deletes an application and everything that belongs to it. */
    delete: operations['delete_apps_by_id'];
    options?: never;
    head?: never;
    /** Changes an application's name or settings. */
    patch: operations['patch_apps_by_id'];
    trace?: never;
  };
  '/v1/apps/{app_id}/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Lists an application's keys, without the secret part. */
    get: operations['get_apps_keys'];
    put?: never;
    /** Creates a key of an application, and shows it once. */
    post: operations['post_apps_keys'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/keys/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /** Revokes a key. */
    delete: operations['delete_apps_keys_by_id'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/dashboard-links': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** Makes a link to the dashboard that signs a person in, once. */
    post: operations['post_dashboard_links'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/event-types': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the profile's event types, then the application's own.
     * @description Scope: `webhooks:read`.
     */
    get: operations['get_apps_event_types'];
    put?: never;
    /**
     * Adds an event type of the application.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_event_types'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/event-types/{event_type}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    /**
     * Deletes one of the application's own event types.
     * @description Scope: `webhooks:write`.
     */
    delete: operations['delete_apps_event_types_by_id'];
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Checks a target: its URL, address, DNS, connection and certificate; with `send`, its answer.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_check'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the endpoints.
     * @description Scope: `webhooks:read`.
     */
    get: operations['get_apps_webhooks'];
    put?: never;
    /**
     * Creates an endpoint, and shows its signing secret.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns an endpoint.
     * @description Scope: `webhooks:read`.
     */
    get: operations['get_apps_webhooks_by_id'];
    put?: never;
    post?: never;
    /**
     * Deletes an endpoint, and ends its open deliveries.
     * @description Scope: `webhooks:write`.
     */
    delete: operations['delete_apps_webhooks_by_id'];
    options?: never;
    head?: never;
    /**
     * Changes an endpoint. Open deliveries keep their schedule.
     * @description Scope: `webhooks:write`.
     */
    patch: operations['patch_apps_webhooks_by_id'];
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns the signing secret.
     * @description Scope: `webhooks:write`.
     */
    get: operations['get_apps_webhooks_secret'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/rotate-secret': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Replaces the signing secret. The old one signs until its grace time ends.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_rotate_secret'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the deliveries to an endpoint.
     * @description Scope: `webhooks:read` or `events:read`.
     */
    get: operations['get_apps_webhooks_deliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/health': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns an endpoint's state with its reason, its failures, and what it holds.
     * @description Scope: `webhooks:read`.
     */
    get: operations['get_apps_webhooks_health'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/enable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Enables an endpoint. Its held deliveries go on.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_enable'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/disable': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Disables an endpoint. Its deliveries are held.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_disable'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pauses an endpoint. Its deliveries are held.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_pause'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Resumes an endpoint. Its held deliveries go on.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_resume'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/test': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends the profile's test event to this endpoint alone.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_test'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/recover': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Delivers the events of a time window to an endpoint again.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_recover'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/recover/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Counts what a recovery would deliver, and changes nothing.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_recover_preview'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/jobs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists an endpoint's recoveries.
     * @description Scope: `webhooks:read`.
     */
    get: operations['get_apps_webhooks_jobs'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/jobs/{job_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns a recovery with its progress.
     * @description Scope: `webhooks:read`.
     */
    get: operations['get_apps_webhooks_jobs_by_id'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/jobs/{job_id}/pause': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Pauses a recovery.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_jobs_pause'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/jobs/{job_id}/resume': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Resumes a paused recovery.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_jobs_resume'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/webhooks/{id}/jobs/{job_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Cancels a recovery. Deliveries that it has made go on.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_apps_webhooks_jobs_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/events': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists events.
     * @description Scope: `events:read`.
     */
    get: operations['get_apps_events'];
    put?: never;
    /**
     * Submits an event. 202 means that it is durable.
     * @description Scope: `events:write`.
     */
    post: operations['post_apps_events'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/events/batch': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Submits 1 to 1,000 events, all or none. 202 means that they are durable.
     * @description Scope: `events:write`.
     */
    post: operations['post_apps_events_batch'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/events/{event_id}/cancel': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Ends the open deliveries of an event before their next attempt.
     * @description Scope: `events:write`.
     */
    post: operations['post_apps_events_cancel'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/events/{event_id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns an event with its newest deliveries and attempts.
     * @description Scope: `events:read`.
     */
    get: operations['get_apps_events_by_id'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/events/{event_id}/matches': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Says of every endpoint whether it got an event, and why.
     * @description Scope: `events:read`.
     */
    get: operations['get_apps_events_matches'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/events/{event_id}/resend': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Sends an event again: new deliveries of the same bytes, one attempt each.
     * @description Scope: `events:write`.
     */
    post: operations['post_apps_events_resend'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/deliveries/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns a delivery with its newest attempts, and says why it was not made yet, or how it ended.
     * @description Scope: `events:read` or `webhooks:read`.
     */
    get: operations['get_apps_deliveries_by_id'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/deliveries/{id}/attempts': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists a delivery's attempts.
     * @description Scope: `events:read` or `webhooks:read`.
     */
    get: operations['get_apps_deliveries_attempts'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/deliveries': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists deliveries.
     * @description Scope: `events:read` or `webhooks:read`.
     */
    get: operations['get_apps_deliveries'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/deliveries/{id}/retry': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /**
     * Makes the next scheduled attempt now.
     * @description Scope: `events:write`.
     */
    post: operations['post_apps_deliveries_retry'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/deliveries/{id}/request': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Returns the request of a delivery as it would be sent now, with a signature that is valid now.
     * @description Scope: `webhooks:write`.
     */
    get: operations['get_apps_deliveries_request'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/api/v1/webhooks/subscribe': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Lists the subscriptions with their health, and the available event types.
     * @description Scope: `webhooks:write`.
     */
    get: operations['get_api_webhooks_subscribe'];
    put?: never;
    /**
     * Subscribes a URL, as ScendCore's document describes it.
     * @description Scope: `webhooks:write`.
     */
    post: operations['post_api_webhooks_subscribe'];
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/search': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Finds events, deliveries, webhooks and jobs by id, events and event types by a prefix, webhooks by a part of their URL.
     * @description Scope: `webhooks:read` or `events:read`.
     */
    get: operations['get_apps_search'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/stats': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Counts events, deliveries and attempts by UTC minute, hour or day.
     * @description Scope: `webhooks:read` or `events:read`.
     */
    get: operations['get_apps_stats'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v1/apps/{app_id}/stream': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /**
     * Streams what happens as server-sent events, each with the view that its own route gives.
     * @description Scope: `webhooks:read` or `events:read`.
     */
    get: operations['get_apps_stream'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    /** Returns the OpenAPI document. */
    get: operations['get_openapi_json'];
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Problem: {
      type: string;
      title: string;
      status: number;
      detail: string;
      /** @description The error, for programs. */
      code: string;
      readonly errors?: (
        | {
            /** @description A JSON pointer (RFC 6901) into the body. */
            pointer: string;
            detail: string;
          }
        | {
            /** @description The name of a query parameter or a header. */
            parameter: string;
            detail: string;
          }
      )[];
      /** @description With 503: repeat the event with this id. That is safe. */
      event_id?: string;
      /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
      readonly event_ids?: string[];
      /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
      checks?: {
        [key: string]: string;
      };
      /**
       * Format: uuid
       * @description Posthorn’s log lines about this request have it too.
       */
      request_id: string;
    };
    System: {
      version: string;
      /** @description Whether no check has failed. */
      ok: boolean;
      temporal_ui_url: string | null;
      readonly checks: {
        name: string;
        /** @enum {string} */
        verdict: 'ok' | 'warn' | 'fail';
        text: string;
        /** @description What to do about it. */
        remedy: string | null;
      }[];
    };
    Profile: {
      id: string;
      title: string;
      /** @description What documents it. */
      readonly sources: string[];
      /** @description The headers that it sets, in lower case. */
      readonly headers: string[];
      /** @description What a signing secret looks like that the caller brings. */
      secret_form: string;
      /** @description What an event id looks like that the caller brings. */
      event_id_form: string;
      /** @description Whether event types are those of a catalogue, or any well-formed ones. */
      has_catalogue: boolean;
      /** @description When a failed delivery is tried again. */
      schedule: {
        /** @description The delays before attempts 2, 3, …. */
        readonly delays_seconds: number[];
        /** @description Share by which a delay may differ either way, 0 to 1. */
        jitter: number;
        follows_retry_after: boolean;
        /** @description Retries of an endpoint that sets no `retry_limit`. */
        default_retries: number;
      };
      /** @description How long one attempt may take, the whole exchange. */
      time_limit_ms: number;
      /** @description An attempt that took longer is marked slow. */
      slow_after_ms: number | null;
      /** @description Answers that end a delivery without another attempt. */
      readonly final_statuses: {
        from: number;
        to: number;
      }[];
      health_rule: {
        after_failures: number | null;
        after_hours: number | null;
        on_gone: boolean;
      };
      active_endpoint_limit: number | null;
      test_event_type: string;
    };
    Application: {
      /** Format: uuid */
      id: string;
      name: string;
      /** @enum {string} */
      profile: 'standard' | 'scalekit' | 'scalekit-auth' | 'scendcore' | 'scute';
      settings: {
        environment_id: string;
        /** @description A documented schedule or delays in seconds; null: the profile's. */
        schedule: (string | number[]) | null;
        /** @description Null: the profile's rule; 0: never. */
        disable_after_failures: number | null;
        /** @description Null: the profile's rule; 0: never. */
        disable_after_hours: number | null;
        hold_hours: number;
        drain_per_second: number;
      };
      /** Format: date-time */
      created_at: string;
    };
    NewApiKey: {
      /** Format: uuid */
      id: string;
      name: string | null;
      readonly scopes: ('webhooks:read' | 'webhooks:write' | 'events:read' | 'events:write')[];
      /** Format: date-time */
      created_at: string;
      /** @description Shown once. null when the request was repeated with its `Idempotency-Key`. */
      key: string | null;
    };
    ApiKey: {
      /** Format: uuid */
      id: string;
      name: string | null;
      readonly scopes: ('webhooks:read' | 'webhooks:write' | 'events:read' | 'events:write')[];
      /** Format: date-time */
      created_at: string;
    };
    EventType: {
      name: string;
      description: string | null;
      /** @description The document's own example of `data`. */
      example: {
        [key: string]: unknown;
      } | null;
      /** @description The JSON Schema that `data` must satisfy. */
      schema: {
        [key: string]: unknown;
      } | null;
      /** @enum {string} */
      source: 'catalogue' | 'application';
    };
    TargetCheck: {
      ok: boolean;
      /** @description In their order, up to the first that fails. */
      checks: {
        /** @enum {string} */
        name: 'url' | 'address' | 'dns' | 'connect' | 'tls' | 'answer';
        ok: boolean;
        text: string;
        duration_ms: number;
      }[];
    };
    NewWebhook: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      app_id: string;
      url: string;
      readonly event_types: string[];
      retry_limit: number;
      /** @description The name of a documented schedule, or delays in seconds. null: the application's, else the profile's. */
      schedule: (string | number[]) | null;
      description: string | null;
      metadata: Record<string, never>;
      enabled: boolean;
      /** @description Maximum attempts per second. null: no limit. */
      rate_limit: number | null;
      /** @description Maximum attempts at the same time. null: no limit. */
      max_in_flight: number | null;
      /** @enum {string} */
      status: 'active' | 'paused' | 'disabled';
      /** @description Deliveries in a row that failed for good. */
      failure_count: number;
      last_triggered_at: string | null;
      disabled_at: string | null;
      disabled_reason: string | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
      /** @description The signing secret. */
      secret: string | null;
    };
    Webhook: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      app_id: string;
      url: string;
      readonly event_types: string[];
      retry_limit: number;
      /** @description The name of a documented schedule, or delays in seconds. null: the application's, else the profile's. */
      schedule: (string | number[]) | null;
      description: string | null;
      metadata: Record<string, never>;
      enabled: boolean;
      /** @description Maximum attempts per second. null: no limit. */
      rate_limit: number | null;
      /** @description Maximum attempts at the same time. null: no limit. */
      max_in_flight: number | null;
      /** @enum {string} */
      status: 'active' | 'paused' | 'disabled';
      /** @description Deliveries in a row that failed for good. */
      failure_count: number;
      last_triggered_at: string | null;
      disabled_at: string | null;
      disabled_reason: string | null;
      /** Format: date-time */
      created_at: string;
      /** Format: date-time */
      updated_at: string;
    };
    Secret: {
      secret: string;
      /** @description Verifies ed25519 signatures. null for other secrets. */
      public_key: string | null;
      /** @description When the last previous secret stops signing. */
      previous_expires_at: string | null;
    };
    Delivery: {
      /** Format: uuid */
      id: string;
      event_id: string;
      event_type: string;
      /** Format: uuid */
      webhook_id: string;
      /** @enum {string} */
      trigger: 'event' | 'test' | 'resend' | 'recover' | 'operational';
      /**
       * @description A `failed` delivery with a `next_attempt_at` will be retried.
       * @enum {string}
       */
      status: 'pending' | 'processing' | 'delivered' | 'failed';
      /** @description Why it waits, or why it failed for good. */
      reason:
        | (
            | 'scheduled'
            | 'endpoint_paused'
            | 'endpoint_disabled'
            | 'at_capacity'
            | 'exhausted'
            | 'refused'
            | 'expired'
            | 'cancelled'
            | 'endpoint_deleted'
          )
        | null;
      attempt_count: number;
      next_attempt_at: string | null;
      last_status_code: number | null;
      last_error: string | null;
      /** Format: date-time */
      created_at: string;
      completed_at: string | null;
    };
    EndpointHealth: {
      /** @enum {string} */
      status: 'active' | 'paused' | 'disabled';
      /** @description Why it is disabled; null otherwise. */
      reason: string | null;
      /** @description Since when it is paused or disabled; null while it is active. */
      since: string | null;
      /** @description Deliveries in a row that failed for good. */
      failure_count: number;
      /** @description When the first of these failed. */
      failing_since: string | null;
      /** @description When failures disable it: so many in a row, so many hours of nothing else, an answer of 410. */
      rule: {
        after_failures: number | null;
        after_hours: number | null;
        on_gone: boolean;
      };
      /** @description Deliveries that it holds. */
      held: {
        count: number;
        oldest_at: string | null;
      };
      /** @description Whether its held deliveries are going on. */
      draining: boolean;
      /** @description Its last changes of health, oldest first; null when Temporal or a worker does not answer. */
      history:
        | {
            /** Format: date-time */
            at: string;
            from: string;
            to: string;
            why: string | null;
          }[]
        | null;
    };
    Event: {
      id: string;
      /** Format: uuid */
      app_id: string;
      event_type: string;
      /** Format: date-time */
      created_at: string;
      /**
       * @description Only the latest delivery to each endpoint counts.
       * @enum {string}
       */
      status: 'pending' | 'failed' | 'cancelled' | 'delivered' | 'unmatched';
      /** @description The id of its workflow in Temporal: the batch that it came in, until it has one of its own. */
      workflow_id: string;
    };
    RecoveryJob: {
      /** Format: uuid */
      id: string;
      /** @enum {string} */
      status: 'running' | 'paused' | 'cancelled' | 'completed';
      /** @description Number of events to recover when the job began. */
      total: number;
      done: number;
      failed: number;
      /** Format: date-time */
      created_at: string;
    };
    RecoveryPreview: {
      /** @description Events that would be delivered, without `skipped_open`. */
      total: number;
      by_event_type: {
        [key: string]: number;
      };
      oldest: string | null;
      newest: string | null;
      /** @description Events of the window with an open delivery to this endpoint. */
      skipped_open: number;
      /** @description How long it would take to begin them all, at the application's `drain_per_second`. */
      seconds_at_drain_rate: number;
    };
    EventWithDeliveries: {
      id: string;
      /** Format: uuid */
      app_id: string;
      event_type: string;
      /** Format: date-time */
      created_at: string;
      /**
       * @description Only the latest delivery to each endpoint counts.
       * @enum {string}
       */
      status: 'pending' | 'failed' | 'cancelled' | 'delivered' | 'unmatched';
      /** @description The id of its workflow in Temporal: the batch that it came in, until it has one of its own. */
      workflow_id: string;
      data: unknown;
      /** @description The newest ones, the oldest of them first, each with its newest attempts. */
      readonly deliveries: components['schemas']['DeliveryWithAttempts'][];
      /** @description How many there are. `…/deliveries?event_id=` lists all. */
      deliveries_total: number;
      /** @description What Temporal knows at this moment; only with `live=true`. */
      live?: components['schemas']['LiveEvent'] | null;
    };
    DeliveryWithAttempts: {
      /** Format: uuid */
      id: string;
      event_id: string;
      event_type: string;
      /** Format: uuid */
      webhook_id: string;
      /** @enum {string} */
      trigger: 'event' | 'test' | 'resend' | 'recover' | 'operational';
      /**
       * @description A `failed` delivery with a `next_attempt_at` will be retried.
       * @enum {string}
       */
      status: 'pending' | 'processing' | 'delivered' | 'failed';
      /** @description Why it waits, or why it failed for good. */
      reason:
        | (
            | 'scheduled'
            | 'endpoint_paused'
            | 'endpoint_disabled'
            | 'at_capacity'
            | 'exhausted'
            | 'refused'
            | 'expired'
            | 'cancelled'
            | 'endpoint_deleted'
          )
        | null;
      attempt_count: number;
      next_attempt_at: string | null;
      last_status_code: number | null;
      last_error: string | null;
      /** Format: date-time */
      created_at: string;
      completed_at: string | null;
      /** @description The newest ones, the oldest of them first. */
      readonly attempts: components['schemas']['Attempt'][];
      /** @description How many there are. `…/deliveries/{id}/attempts` lists all. */
      attempts_total: number;
      /** @description The id of the workflow in Temporal that makes it. */
      workflow_id: string;
      /** @description Its page in the Temporal UI; null without POSTHORN_TEMPORAL_UI_URL. */
      workflow_url: string | null;
      /** @description The next attempt, and those that would follow if each failed. Empty where the next has no time. */
      readonly schedule_ahead: {
        number: number;
        /** Format: date-time */
        at: string;
      }[];
      explanation: components['schemas']['Explanation'];
    };
    Attempt: {
      number: number;
      /** Format: date-time */
      started_at: string;
      /** @description null for an attempt that was lost with its worker. */
      duration_ms: number | null;
      status_code: number | null;
      /** @description null, or a code with text: `timeout: …`. */
      error: string | null;
      slow: boolean;
      /** @description The receiver may have got it more than once. */
      possibly_repeated: boolean;
      /** @description The first 20 KB of the answer. In a large event, its first 2,000 characters. */
      response_body: string | null;
    };
    Explanation: {
      /** @enum {string} */
      code:
        | 'delivered'
        | 'exhausted'
        | 'refused'
        | 'expired_event'
        | 'expired_held'
        | 'cancelled'
        | 'endpoint_deleted'
        | 'scheduled'
        | 'held_paused'
        | 'held_disabled'
        | 'held_at_capacity'
        | 'held_at_rate'
        | 'held_slow'
        | 'draining'
        | 'sending'
        | 'worker_lost'
        | 'retry_due'
        | 'retry_overdue'
        | 'about_to_begin'
        | 'no_worker'
        | 'temporal_away';
      /** @description A few sentences of plain English. Times are in UTC. */
      text: string;
      /** @description Since when it has been so. */
      since: string | null;
      /** @description When this changes by itself; null where no time is set. */
      until: string | null;
      /** @description The next attempt, where its time is set. */
      next: {
        /** Format: date-time */
        at: string;
        number: number;
        /** @description Number of attempts that the schedule has in all. */
        of: number;
      } | null;
      /** @description What would change it. */
      readonly remedies: {
        /** @enum {string} */
        action:
          | 'retry_now'
          | 'resend'
          | 'send_test'
          | 'resume_endpoint'
          | 'enable_endpoint'
          | 'change_endpoint'
          | 'add_endpoint'
          | 'recover'
          | 'fix_receiver'
          | 'start_worker'
          | 'check_system';
        text: string;
        /** @enum {string} */
        method?: 'GET' | 'POST' | 'PATCH';
        /** @description The route of this API that does it. */
        path?: string;
      }[];
    };
    LiveEvent: {
      workflow_status: string;
      readonly pending_attempts: {
        retries: number;
        next_attempt_at: string | null;
        last_failure: string | null;
      }[];
    };
    Match: {
      /** Format: uuid */
      webhook_id: string;
      url: string;
      /** @description Whether the event was to be delivered to it. */
      matched: boolean;
      /**
       * @description `type`: its event types match, or do not. `created_later`, `changed_later`: they match now, and did not when the event came. `test`: the event is a test of one endpoint. `about_itself`: the event is about this endpoint.
       * @enum {string}
       */
      why: 'type' | 'created_later' | 'changed_later' | 'test' | 'about_itself';
      /** @description A pattern that would match, and differs by two characters at most from one of its own. */
      nearest_pattern: string | null;
    };
    DeliveryRequest: {
      /** @constant */
      method: 'POST';
      url: string;
      /** @description The endpoint's own headers read `***` without `reveal=true`. */
      headers: {
        [key: string]: string;
      };
      /** @description The exact text that is signed and sent. */
      body: string;
      /** @description The same as a command of a POSIX shell. */
      curl: string;
    };
    NewSubscription: {
      /** Format: uuid */
      id: string;
      url: string;
      readonly events: string[];
      is_active: boolean;
    };
    Subscription: {
      /** Format: uuid */
      id: string;
      url: string;
      readonly events: string[];
      is_active: boolean;
      failure_count: number;
      last_triggered_at: string | null;
    };
    SearchResult: {
      /** @enum {string} */
      kind: 'event' | 'delivery' | 'webhook' | 'event_type' | 'job';
      /** @description Its id; the name of an event type. */
      id: string;
      /** @description What a person knows it by. */
      title: string;
      /** @description Its path in this API. */
      path: string;
    };
    Stats: {
      /** @enum {string} */
      interval: 'minute' | 'hour' | 'day';
      readonly buckets: components['schemas']['StatsBucket'][];
    };
    StatsBucket: {
      /**
       * Format: date-time
       * @description The beginning of the UTC minute, hour or day.
       */
      start: string;
      /** @description Events accepted, unmatched ones too; with `webhook_id`, those with a delivery to it. */
      events: number;
      /** @description Deliveries that ended delivered. */
      delivered: number;
      /** @description Deliveries that failed for good, cancelled ones too. */
      failed: number;
      /** @description Attempts that ended. */
      attempts: number;
      /** @description Attempts after their delivery's first. */
      retried: number;
      /** @description Half of the attempts took at most so long, give or take 19 %. null without attempts. */
      p50_ms: number | null;
      /** @description 95 % of the attempts took at most so long, give or take 19 %. */
      p95_ms: number | null;
    };
  };
  responses: never;
  parameters: never;
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
  get_startedz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'started';
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_healthz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'ok';
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_readyz: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @constant */
            status: 'ready';
            checks: {
              [key: string]: string;
            };
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_system: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['System'];
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_profiles: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly profiles: components['schemas']['Profile'][];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly apps: components['schemas']['Application'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "Shop",
         *       "profile": "standard",
         *       "settings": {
         *         "hold_hours": 48
         *       }
         *     }
         */
        'application/json': {
          name: string;
          /** @default standard */
          profile?: ('standard' | 'scalekit' | 'scalekit-auth' | 'scendcore' | 'scute') | null;
          settings?: {
            environment_id?: string | null;
            schedule?:
              (('standard' | 'scalekit' | 'scalekit-auth' | 'scendcore' | 'scute') | number[]) | null;
            disable_after_failures?: number | null;
            disable_after_hours?: number | null;
            hold_hours?: number | null;
            drain_per_second?: number | null;
          } | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            app: components['schemas']['Application'];
            api_key: components['schemas']['NewApiKey'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_app: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            app: components['schemas']['Application'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            app: components['schemas']['Application'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_apps_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patch_apps_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "settings": {
         *         "disable_after_failures": 20
         *       }
         *     }
         */
        'application/json': {
          name?: string;
          settings?: {
            environment_id?: string | null;
            schedule?:
              (('standard' | 'scalekit' | 'scalekit-auth' | 'scendcore' | 'scute') | number[]) | null;
            disable_after_failures?: number | null;
            disable_after_hours?: number | null;
            hold_hours?: number | null;
            drain_per_second?: number | null;
          } | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            app: components['schemas']['Application'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_keys: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly api_keys: components['schemas']['ApiKey'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_keys: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "name": "checkout",
         *       "scopes": [
         *         "events:write"
         *       ]
         *     }
         */
        'application/json': {
          name?: string | null;
          /**
           * @default [
           *       "webhooks:read",
           *       "webhooks:write",
           *       "events:read",
           *       "events:write"
           *     ]
           */
          scopes?: ('webhooks:read' | 'webhooks:write' | 'events:read' | 'events:write')[] | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            api_key: components['schemas']['NewApiKey'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_apps_keys_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_dashboard_links: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "ttl_seconds": 300,
         *       "path": "/dashboard/apps"
         *     }
         */
        'application/json': {
          /** @description The application that the person sees; without it, all of them. */
          app_id?: string | null;
          /** @description What the person may do in the application; everything by default. */
          scopes?: ('webhooks:read' | 'webhooks:write' | 'events:read' | 'events:write')[] | null;
          /**
           * @description How long the link can be used.
           * @default 600
           */
          ttl_seconds?: number | null;
          /** @description The page that it leads to. */
          path?: string | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            /** @description It begins with the origin by which this request came. Shown once. */
            url: string | null;
            /** Format: date-time */
            expires_at: string;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_event_types: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            event_types: components['schemas']['EventType'][];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_event_types: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "name": "order.paid",
         *       "description": "An order has been paid.",
         *       "schema": {
         *         "type": "object",
         *         "required": [
         *           "order"
         *         ],
         *         "properties": {
         *           "order": {
         *             "type": "integer"
         *           }
         *         }
         *       }
         *     }
         */
        'application/json': {
          name: string;
          description?: string | null;
          schema?: Record<string, never> | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            event_type: components['schemas']['EventType'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'event_type_exists' | 'event_type_limit_reached' | 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 262144 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_apps_event_types_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        event_type: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'event_type_in_catalogue';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_check: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "url": "https://example.com/hooks"
         *     }
         */
        'application/json': {
          url: string;
          headers?: Record<string, never> | null;
          secret?: string | null;
          /** @default false */
          send?: boolean | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['TargetCheck'];
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_webhooks: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly webhooks: components['schemas']['Webhook'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "webhook": {
         *         "url": "https://example.com/hooks",
         *         "event_types": [
         *           "order.*"
         *         ]
         *       }
         *     }
         */
        'application/json': {
          webhook: {
            /** @description Where events are sent by POST: `https://`, to a public address. */
            url: string;
            event_types?: string[] | null;
            retry_limit?: number | null;
            schedule?:
              (('standard' | 'scalekit' | 'scalekit-auth' | 'scendcore' | 'scute') | number[]) | null;
            description?: string | null;
            metadata?: Record<string, never> | null;
            enabled?: boolean | null;
            rate_limit?: number | null;
            max_in_flight?: number | null;
            headers?: Record<string, never> | null;
            secret?: string | null;
          };
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['NewWebhook'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'subscription_limit_reached' | 'endpoint_limit_reached' | 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_webhooks_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['Webhook'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  delete_apps_webhooks_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      204: {
        headers: {
          [name: string]: unknown;
        };
        content?: never;
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  patch_apps_webhooks_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "webhook": {
         *         "description": "Production",
         *         "rate_limit": 50
         *       }
         *     }
         */
        'application/json': {
          webhook: {
            /** @description Where events are sent by POST: `https://`, to a public address. */
            url?: string;
            event_types?: string[] | null;
            retry_limit?: number | null;
            schedule?:
              (('standard' | 'scalekit' | 'scalekit-auth' | 'scendcore' | 'scute') | number[]) | null;
            description?: string | null;
            metadata?: Record<string, never> | null;
            enabled?: boolean | null;
            rate_limit?: number | null;
            max_in_flight?: number | null;
            headers?: Record<string, never> | null;
            secret?: string | null;
          };
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['Webhook'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'subscription_limit_reached';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_webhooks_secret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Secret'];
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_rotate_secret: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /**
         * @example {
         *       "grace_seconds": 3600
         *     }
         */
        'application/json': {
          secret?: string | null;
          /** @default 86400 */
          grace_seconds?: number | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['Webhook'];
            secret: string;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_webhooks_deliveries: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        status?: 'pending' | 'processing' | 'delivered' | 'failed';
        since?: string;
        until?: string;
      };
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly deliveries: components['schemas']['Delivery'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_webhooks_health: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['EndpointHealth'];
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_enable: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['Webhook'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'subscription_limit_reached';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_disable: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['Webhook'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_pause: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['Webhook'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_resume: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            webhook: components['schemas']['Webhook'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_test: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            event: components['schemas']['Event'];
            delivery: components['schemas']['Delivery'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'endpoint_disabled' | 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_recover: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "since": "2026-04-16T12:00:00Z",
         *       "status": "failed"
         *     }
         */
        'application/json': {
          /** Format: date-time */
          since: string;
          until?: string | null;
          /** @default failed */
          status?: ('failed' | 'missing' | 'all') | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            job: components['schemas']['RecoveryJob'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'endpoint_paused' | 'endpoint_disabled' | 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_recover_preview: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "since": "2026-04-16T12:00:00Z",
         *       "status": "failed"
         *     }
         */
        'application/json': {
          /** Format: date-time */
          since: string;
          until?: string | null;
          /** @default failed */
          status?: ('failed' | 'missing' | 'all') | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['RecoveryPreview'];
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_webhooks_jobs: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly jobs: components['schemas']['RecoveryJob'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_webhooks_jobs_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
        job_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            job: components['schemas']['RecoveryJob'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_jobs_pause: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
        job_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            job: components['schemas']['RecoveryJob'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'already_finished';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_jobs_resume: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
        job_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            job: components['schemas']['RecoveryJob'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'already_finished';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_webhooks_jobs_cancel: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
        job_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            job: components['schemas']['RecoveryJob'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'already_finished';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_events: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        /** @example order.paid */
        event_type?: string;
        /** @example failed */
        status?: 'pending' | 'failed' | 'cancelled' | 'delivered' | 'unmatched';
        since?: string;
        until?: string;
      };
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly events: components['schemas']['Event'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_events: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "event_type": "order.paid",
         *       "data": {
         *         "order": 17
         *       }
         *     }
         */
        'application/json':
          | {
              event_type: string;
              /** @description Any JSON. A number that a double cannot hold is refused. */
              data: unknown;
              id?: string | null;
              attributes?: Record<string, never> | null;
              deliver_at?: string | null;
              expires_at?: string | null;
            }
          | {
              event_type: string;
              /** @description Any JSON. A number that a double cannot hold is refused. */
              data: unknown;
              id?: string | null;
              attributes?: {
                object: string;
                /** @default null */
                organization_id?: string | null;
              } | null;
              deliver_at?: string | null;
              expires_at?: string | null;
            }
          | {
              event_type: string;
              /** @description Any JSON. A number that a double cannot hold is refused. */
              data: unknown;
              id?: string | null;
              attributes?: Record<string, never> | null;
              deliver_at?: string | null;
              expires_at?: string | null;
            }
          | {
              event_type: string;
              /** @description Any JSON. A number that a double cannot hold is refused. */
              data: unknown;
              id?: string | null;
              attributes?: Record<string, never> | null;
              deliver_at?: string | null;
              expires_at?: string | null;
            };
      };
    };
    responses: {
      /** @description Done. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            event: components['schemas']['Event'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'event_conflict' | 'event_dropped';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 1572864 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_events_batch: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "events": [
         *         {
         *           "event_type": "order.paid",
         *           "data": {
         *             "order": 17
         *           }
         *         },
         *         {
         *           "event_type": "order.paid",
         *           "data": {
         *             "order": 18
         *           }
         *         }
         *       ]
         *     }
         */
        'application/json':
          | {
              events: {
                event_type: string;
                /** @description Any JSON. A number that a double cannot hold is refused. */
                data: unknown;
                id?: string | null;
                attributes?: Record<string, never> | null;
                deliver_at?: string | null;
                expires_at?: string | null;
              }[];
            }
          | {
              events: {
                event_type: string;
                /** @description Any JSON. A number that a double cannot hold is refused. */
                data: unknown;
                id?: string | null;
                attributes?: {
                  object: string;
                  /** @default null */
                  organization_id?: string | null;
                } | null;
                deliver_at?: string | null;
                expires_at?: string | null;
              }[];
            }
          | {
              events: {
                event_type: string;
                /** @description Any JSON. A number that a double cannot hold is refused. */
                data: unknown;
                id?: string | null;
                attributes?: Record<string, never> | null;
                deliver_at?: string | null;
                expires_at?: string | null;
              }[];
            }
          | {
              events: {
                event_type: string;
                /** @description Any JSON. A number that a double cannot hold is refused. */
                data: unknown;
                id?: string | null;
                attributes?: Record<string, never> | null;
                deliver_at?: string | null;
                expires_at?: string | null;
              }[];
            };
      };
    };
    responses: {
      /** @description Done. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            events: components['schemas']['Event'][];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'event_conflict' | 'event_dropped';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 1572864 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_events_cancel: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        event_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            event: components['schemas']['Event'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'already_finished';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_events_by_id: {
    parameters: {
      query?: {
        live?: string;
      };
      header?: never;
      path: {
        app_id: string;
        event_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            event: components['schemas']['EventWithDeliveries'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_events_matches: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app_id: string;
        event_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly matches: components['schemas']['Match'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_events_resend: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path: {
        app_id: string;
        event_id: string;
      };
      cookie?: never;
    };
    requestBody?: {
      content: {
        /** @example {} */
        'application/json': {
          webhook_id?: string | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            deliveries: components['schemas']['Delivery'][];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code:
              | 'endpoint_paused'
              | 'endpoint_disabled'
              | 'nothing_to_resend'
              | 'resend_limit_reached'
              | 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_deliveries_by_id: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            delivery: components['schemas']['DeliveryWithAttempts'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_deliveries_attempts: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
      };
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly attempts: components['schemas']['Attempt'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_deliveries: {
    parameters: {
      query?: {
        limit?: number;
        cursor?: string;
        /** @example failed */
        status?: 'pending' | 'processing' | 'delivered' | 'failed';
        /** @example exhausted */
        reason?:
          | 'scheduled'
          | 'endpoint_paused'
          | 'endpoint_disabled'
          | 'at_capacity'
          | 'exhausted'
          | 'refused'
          | 'expired'
          | 'cancelled'
          | 'endpoint_deleted';
        trigger?: 'event' | 'test' | 'resend' | 'recover' | 'operational';
        event_type?: string;
        event_id?: string;
        webhook_id?: string;
        /** @example 2026-04-16T12:00:00Z */
        since?: string;
        until?: string;
      };
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly deliveries: components['schemas']['Delivery'][];
            /** @description Where the next page begins; null at the end. */
            next_cursor: string | null;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_apps_deliveries_retry: {
    parameters: {
      query?: never;
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      202: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            delivery: components['schemas']['Delivery'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'already_finished' | 'endpoint_paused' | 'endpoint_disabled';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_deliveries_request: {
    parameters: {
      query?: {
        /**
         * @description Whether to show the values of the endpoint's own headers.
         * @example false
         */
        reveal?: string;
      };
      header?: never;
      path: {
        app_id: string;
        id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['DeliveryRequest'];
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_api_webhooks_subscribe: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            subscriptions: components['schemas']['Subscription'][];
            available_events: string[];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  post_api_webhooks_subscribe: {
    parameters: {
      query?: never;
      header?: {
        'Idempotency-Key'?: string;
      };
      path?: never;
      cookie?: never;
    };
    requestBody: {
      content: {
        /**
         * @example {
         *       "url": "https://example.com/hooks",
         *       "events": [
         *         "*"
         *       ]
         *     }
         */
        'application/json': {
          /** @description Where events are sent by POST: `https://`, to a public address. */
          url: string;
          /** @description Exact types, `*`, `prefix.*`, and `*` as one whole segment. All events if not given. */
          events: string[];
          secret?: string | null;
        };
      };
    };
    responses: {
      /** @description Done. */
      201: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            subscription: components['schemas']['NewSubscription'];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Conflicts with the current state. */
      409: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': {
            type: string;
            title: string;
            status: number;
            detail: string;
            /** @enum {string} */
            code: 'subscription_limit_reached' | 'endpoint_limit_reached' | 'idempotency_conflict';
            readonly errors?: (
              | {
                  /** @description A JSON pointer (RFC 6901) into the body. */
                  pointer: string;
                  detail: string;
                }
              | {
                  /** @description The name of a query parameter or a header. */
                  parameter: string;
                  detail: string;
                }
            )[];
            /** @description With 503: repeat the event with this id. That is safe. */
            event_id?: string;
            /** @description With 503, for a batch: repeat its events with these ids, in this order. That is safe. */
            readonly event_ids?: string[];
            /** @description Only from `/readyz`: what is wrong with each part, or `ok`. */
            checks?: {
              [key: string]: string;
            };
            /**
             * Format: uuid
             * @description Posthorn’s log lines about this request have it too.
             */
            request_id: string;
          };
        };
      };
      /** @description The body has more than 131072 bytes. */
      413: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not `application/json` in UTF-8. */
      415: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The body is not valid: `errors` has one entry per field. */
      422: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_search: {
    parameters: {
      query: {
        /** @example order */
        q: string;
      };
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            readonly results: components['schemas']['SearchResult'][];
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_stats: {
    parameters: {
      query?: {
        /** @example 2026-04-16T12:00:00Z */
        since?: string;
        /** @example 2026-04-16T18:00:00Z */
        until?: string;
        /** @example hour */
        interval?: 'minute' | 'hour' | 'day';
        webhook_id?: string;
        event_type?: string;
      };
      header?: never;
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': components['schemas']['Stats'];
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_apps_stream: {
    parameters: {
      query?: {
        /** @example event.accepted,delivery.updated */
        kinds?: string;
        webhook_id?: string;
        event_id?: string;
      };
      header?: {
        'Last-Event-ID'?: string;
      };
      path: {
        app_id: string;
      };
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'text/event-stream': string;
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No key, or an unknown or revoked one. */
      401: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description The key may not do this. */
      403: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description No such resource. */
      404: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Too many requests: see `Retry-After`. */
      429: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
  get_openapi_json: {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    requestBody?: never;
    responses: {
      /** @description Done. */
      200: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/json': {
            [key: string]: unknown;
          };
        };
      };
      /** @description The body is not JSON, or a parameter is not valid. */
      400: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
      /** @description Not possible right now: see `Retry-After`. */
      503: {
        headers: {
          [name: string]: unknown;
        };
        content: {
          'application/problem+json': components['schemas']['Problem'];
        };
      };
    };
  };
}

// Made by openapi.mjs from the documents of the API; `npm run types` makes it again.
import type { NumberText } from "../lib/exact";
export interface paths {
    "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is shown of a value. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ArtifactDetails"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Some rows of a list or tensor. */
        get: {
            parameters: {
                query?: {
                    from?: number;
                    limit?: number;
                    column?: number;
                    columns?: number;
                    /** @description the number of a column, from 0 on; with a minus before it the largest first */
                    sort?: string;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rows"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the members of one list or map in it. */
        get: {
            parameters: {
                query?: {
                    /** @description numbers of the members that lead to it, such as 3.17.0; absent: the value itself */
                    at?: string;
                    from?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tree"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/tree/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a text stands in it, in keys and values. */
        get: {
            parameters: {
                query: {
                    q: string;
                    from?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TreeMatches"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its bytes, to be kept as a file; ranges are served. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "*/*": string;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/artifacts/{name}/card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An HTML page, in a sandbox. Scripts of its author run only with scripts=author, in a frame of the console. */
        get: {
            parameters: {
                query?: {
                    scripts?: "author";
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/parameters/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What is shown of a value. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["ArtifactDetails"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/parameters/{name}/rows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Some rows of a list or tensor. */
        get: {
            parameters: {
                query?: {
                    from?: number;
                    limit?: number;
                    column?: number;
                    columns?: number;
                    /** @description the number of a column, from 0 on; with a minus before it the largest first */
                    sort?: string;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Rows"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/parameters/{name}/tree": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A page of the members of one list or map in it. */
        get: {
            parameters: {
                query?: {
                    /** @description numbers of the members that lead to it, such as 3.17.0; absent: the value itself */
                    at?: string;
                    from?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tree"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/parameters/{name}/tree/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where a text stands in it, in keys and values. */
        get: {
            parameters: {
                query: {
                    q: string;
                    from?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TreeMatches"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/parameters/{name}/content": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its bytes, to be kept as a file; ranges are served. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "*/*": string;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/parameters/{name}/card": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** An HTML page, in a sandbox. Scripts of its author run only with scripts=author, in a frame of the console. */
        get: {
            parameters: {
                query?: {
                    scripts?: "author";
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    name: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/html": string;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/cancel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Asks the run to stop. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description anything: what changes something must carry it */
                    "X-Backlot": string;
                };
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description the pathspec of the run that is meant; 409 when the address is another one by now. Needed where {run} is "last". */
                        run?: string;
                    };
                };
            };
            responses: {
                /** @description its scheduler is asked */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Adds and removes tags. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description anything: what changes something must carry it */
                    "X-Backlot": string;
                };
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description the pathspec of the run that is meant; 409 when the address is another one by now. Needed where {run} is "last". */
                        run?: string;
                        add?: string[];
                        remove?: string[];
                    };
                };
            };
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description its scheduler is asked */
                202: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Done"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/resume": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Resumes the run with its own code, in a new run. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description anything: what changes something must carry it */
                    "X-Backlot": string;
                };
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description the pathspec of the run that is meant; 409 when the address is another one by now. Needed where {run} is "last". */
                        run?: string;
                        /** @description run it and what follows again; without: what did not finish */
                        step?: string;
                    };
                };
            };
            responses: {
                /** @description the new run */
                201: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": {
                            run: components["schemas"]["Run"];
                        };
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/delete": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Deletes runs that have ended, as `backlot gc --run` does. Without `confirm` it only tells what would go. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description anything: what changes something must carry it */
                    "X-Backlot": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        /** @description pathspecs */
                        runs: string[];
                        /** @description the numbers that were told */
                        confirm?: {
                            runs: number;
                            bytes: number;
                            clones: number;
                        };
                    };
                };
            };
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Removal"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/log": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A part of its log, as lines. */
        get: {
            parameters: {
                query?: {
                    attempt?: number;
                    stream?: "out" | "err";
                    /** @description a position to read on from */
                    from?: number;
                    /** @description a position, or "end": what ends before it */
                    before?: string;
                    /** @description the position of a line to be shown */
                    at?: number;
                    bytes?: number;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LogWindow"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/log/search": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Lines of its log that hold a text; goes through up to 64 MiB. */
        get: {
            parameters: {
                query: {
                    attempt?: number;
                    stream?: "out" | "err";
                    q: string;
                    from?: number;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["LogMatches"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}/log/text": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its whole log, as it was written. */
        get: {
            parameters: {
                query?: {
                    attempt?: number;
                    stream?: "out" | "err";
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Flows that have run. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Flows"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/flows/{flow}/grid": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest runs of a flow with their steps. */
        get: {
            parameters: {
                query?: {
                    limit?: number;
                };
                header?: never;
                path: {
                    flow: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Grid"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Runs, newest first. */
        get: {
            parameters: {
                query?: {
                    flow?: string;
                    state?: components["schemas"]["RunState"];
                    user?: string;
                    tag?: string;
                    project?: string;
                    /** @description found in any text of the run */
                    q?: string;
                    /** @description started at or after */
                    since?: string;
                    /** @description started before */
                    until?: string;
                    /** @description name, or name:value */
                    parameter?: string;
                    /** @description from the page before */
                    before?: number;
                    limit?: number;
                    /** @description state, run, tasks, failed, started, took or user; with a minus before it the largest first */
                    sort?: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Runs"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is known of a run. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["RunDetails"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How two runs differ. */
        get: {
            parameters: {
                query: {
                    /** @description Flow/run */
                    a: string;
                    /** @description Flow/run */
                    b: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Compare"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Whether the server answers; for load balancers and supervisors. The one read that needs no session. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description ok */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/status": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who the caller is to this server. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Status"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Trades a token for a cookie: the one change that needs no session. The page that `backlot serve` opens posts a one-time secret here as a form, without the header and with Origin null. */
        post: {
            parameters: {
                query?: never;
                header: {
                    /** @description anything: what changes something must carry it */
                    "X-Backlot": string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: {
                content: {
                    "application/json": {
                        token: string;
                    };
                };
            };
            responses: {
                /** @description the cookie is set */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        /** Ends the session of the cookie. */
        delete: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description done */
                204: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content?: never;
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": Record<string, never>;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What changes, as it changes (server-sent events): `runs` with a RunsEvent, `run` with a RunEvent, at most four a second a topic. `id` is topic@cursor. */
        get: {
            parameters: {
                query: {
                    /** @description "runs@CURSOR" or "run/Flow/7@EVENT"; may be repeated */
                    topic: string;
                    /** @description any name: an earlier stream of the same name ends */
                    browser?: string;
                };
                header?: {
                    /** @description takes the place of its topic's cursor */
                    "Last-Event-ID"?: string;
                };
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/event-stream": string;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the server has done, for Prometheus. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "text/plain": string;
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/columns": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All its tasks, as columns. */
        get: {
            parameters: {
                query?: {
                    after?: number;
                    limit?: number;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Columns"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Its tasks, by number. */
        get: {
            parameters: {
                query?: {
                    step?: string;
                    state?: components["schemas"]["TaskState"];
                    /** @description found in the label of the foreach item; a number or a path finds that task */
                    q?: string;
                    after?: number;
                    limit?: number;
                    /** @description task, step, state, label, attempts, started, waited or took; with a minus before it the largest first */
                    sort?: string;
                };
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Tasks"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/runs/{flow}/{run}/tasks/{task}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All that is known of a task. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                    /** @description a number, or a step and a structural path: "compute%2F[3]" */
                    task: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["TaskDetails"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/reports": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Investigations that have left a report, newest first. */
        get: {
            parameters: {
                query?: {
                    /** @description from the page before */
                    before?: number;
                    /** @description of the runs that are looked at */
                    limit?: number;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignalsReports"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/reports/{flow}/{run}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One report, as the investigation wrote it. */
        get: {
            parameters: {
                query?: never;
                header?: never;
                path: {
                    flow: string;
                    /** @description a run id, or "last" */
                    run: string;
                };
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignalsReport"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/signals/compare": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Which series two reports name, with the place and the score in each. */
        get: {
            parameters: {
                query: {
                    /** @description a run, such as Investigate/7 */
                    a: string;
                    b: string;
                };
                header?: never;
                path?: never;
                cookie?: never;
            };
            requestBody?: never;
            responses: {
                /** @description it */
                200: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["SignalsComparison"];
                    };
                };
                /** @description what went wrong, and what to do */
                default: {
                    headers: {
                        [name: string]: unknown;
                    };
                    content: {
                        "application/json": components["schemas"]["Problem"];
                    };
                };
            };
        };
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
        /** @description GET .../tasks/{task}/artifacts/{name} ; also /api/v1/runs/{flow}/{run}/parameters/{name} */
        ArtifactDetails: {
            /** @description it is an HTML page: GET .../artifacts/{name}/card shows it, in a sandbox */
            card?: boolean;
            /** @description "backlot get Flow/7/compute/17/median" */
            command: string;
            /** @description of the download */
            content_type: string;
            identity: string;
            name: string;
            /** @description of the artifact, "Flow/7/compute/17/median" */
            pathspec: string;
            preview: components["schemas"]["Preview"];
            /** @description tasks that noted to have read it (steps with `cache`), at most 100 */
            read_by: components["schemas"]["TaskLink"][];
            size: number;
            /** @description whose manifest holds it; null: a parameter of the run */
            task: components["schemas"]["TaskLink"] | null;
            /** @description "text", "int", "tensor", "pickle", "table", "file", "folder", "struct", "list", "map", ... */
            type: string;
            /** @description by the name of the part */
            troubles?: {
                [key: string]: components["schemas"]["Trouble"];
            };
        };
        Histogram: {
            /** @description over [min, max] in equal bins */
            counts: number[];
            infinite: number;
            /** @description Elements that were counted; fewer than there are where there are more than four million. */
            looked_at: number;
            /** @description The largest finite element that was counted, to the last digit. */
            max: number;
            mean: number;
            /** @description The least finite element that was counted, to the last digit. */
            min: number;
            nan: number;
        };
        /** @description Values are exact JSON: integers of any size up to 64 bits as numbers; {"$int": text} beyond, {"$float": "NaN"|"Infinity"|"-Infinity"}, {"$bytes": base64}, {"$complex": [re, im]}, {"$map": [[key, value]]} for maps with keys that are no texts or begin with "$". */
        Preview: {
            /** @constant */
            kind: "value";
            truncated: boolean;
            value: unknown;
        } | {
            /** @constant */
            kind: "text";
            text: string;
            truncated: boolean;
        } | {
            columns: {
                name: string;
                type: string;
            }[];
            /** @constant */
            kind: "table";
            rows: number;
        } | {
            dtype: string;
            elements: number;
            first: unknown[];
            histogram?: components["schemas"]["Histogram"];
            /** @constant */
            kind: "tensor";
            shape: number[];
        } | {
            /** @constant */
            kind: "pickle";
            repr: string;
            shape?: number[];
            type: string;
        } | {
            file_name: string;
            /** @constant */
            kind: "file";
            /** @enum {string} */
            media: "image" | "text" | "other";
            text?: string;
        } | {
            entries: {
                path: string;
                size: number;
            }[];
            /** @constant */
            kind: "folder";
            truncated: boolean;
        } | {
            /** @constant */
            kind: "html";
        } | {
            /** @constant */
            kind: "none";
            reason: string;
        } | {
            /** @constant */
            kind: "tree";
        };
        /** @description GET .../artifacts/{name}/rows?from&limit&column&columns&sort */
        Rows: {
            columns: string[];
            from: number;
            rows: unknown[][];
            total: number;
            /** @description number of the first column that is given */
            column: number;
            total_columns: number;
            /** @description of the rows, as they stand in the value */
            numbers: number[];
        };
        /** @description A page of the members of one list or map within a value. */
        Tree: {
            /** @description that lead to it */
            keys: string[];
            /** @enum {unknown} */
            kind: "list" | "map" | "value";
            total: number;
            from: number;
            members: {
                key: string;
                /** @enum {unknown} */
                kind: "list" | "map" | "value";
                /** @description members of a list or map */
                size?: number;
                type?: string;
                /** @description of a text of more than 2000 bytes the beginning */
                value?: unknown;
                /** @description of a value that is not given whole */
                bytes?: number;
            }[];
        };
        TreeMatches: {
            matches: {
                at: number[];
                keys: string[];
            }[];
            /** @description go on with from=next; absent: searched to the end */
            next?: number;
        };
        Done: {
            /** @enum {string} */
            done: "now" | "requested";
        };
        Removal: {
            runs: {
                pathspec: string;
                user: string;
            }[];
            blobs: number;
            /** @description that nothing else needs */
            bytes: number;
            /** @description runs that stay, and took finished tasks over from them */
            clones: string[];
        } | {
            removed: string[];
        };
        LogLine: {
            attempt: number;
            /** @description its beginning lies in an earlier window, or its end in a later one */
            cut?: boolean;
            /** @description no line of the task: more was written here than is kept; text says so */
            left_out?: {
                bytes: number;
                lines: number;
            };
            /** @description names the line; for deep links and search hits */
            position: number;
            /** @enum {string} */
            stream: "out" | "err";
            text: string;
            time: string;
            /** @description no newline yet: the first line of its attempt and stream in the window behind goes on with it */
            open?: boolean;
        };
        /** @description GET .../log/search?q&from&attempt&stream: goes through up to 64 MiB a call */
        LogMatches: {
            /** @description at most 100 */
            matches: components["schemas"]["LogLine"][];
            /** @description go on with from=next; absent: searched to the end */
            next?: number;
        };
        /** @description GET .../tasks/{task}/log?attempt&stream=out|err&from|before|at&bytes: a window of at most `bytes` (64 KiB) of the log. from: from this position on. before: what ends before it (or "end": the tail). Lines keep ANSI codes as they are. */
        LogWindow: {
            /** @description nothing comes before */
            at_begin: boolean;
            /** @description nothing comes after, now */
            at_end: boolean;
            /** @description position of the window's beginning; give it as `before` for what comes earlier */
            begin: number;
            /** @description bytes of the window that are no records */
            damaged?: number;
            /** @description give it as `from` for what comes later */
            end: number;
            lines: components["schemas"]["LogLine"][];
            /** @description more may come */
            live: boolean;
        };
        Cell: {
            done: number;
            failed: number;
            running: number;
            seconds?: number;
            tasks: number;
        };
        /** @description GET /api/v1/compare?a=Flow/1&b=Flow/2 */
        Compare: {
            a: components["schemas"]["Run"];
            a_seconds: number;
            /** @description those that differ, at most 1000 */
            artifacts: components["schemas"]["Difference"][];
            artifacts_more: number;
            b: components["schemas"]["Run"];
            b_seconds: number;
            /** @description all of them; `same` says whether they are equal */
            parameters: components["schemas"]["Difference"][];
            same_artifacts: number;
            steps: {
                a: {
                    seconds: number;
                    tasks: number;
                };
                b: {
                    seconds: number;
                    tasks: number;
                };
                step: string;
            }[];
        };
        Difference: {
            a: components["schemas"]["Side"] | null;
            b: components["schemas"]["Side"] | null;
            name: string;
            same: boolean;
            /** @description "compute/[3]" */
            task?: string;
        };
        FailureGroup: {
            attempt: number;
            count: number;
            /** @description position in the log, for LogWindow */
            first_error?: number;
            /** @description exception, signal, exit code, timeout, out of memory, cancelled, lost, engine */
            kind: string;
            /** @description of its foreach item */
            label?: string;
            /** @description of the first */
            message: string;
            /** @description its structural path, "[3]" */
            path: string;
            /** @description of the first */
            step: string;
            /** @description of the first */
            task: number;
            /** @description "KeyError at features.py:41", "out of memory" */
            text: string;
            /** @description an older version recorded it: grouped only where whole messages are equal */
            whole_message?: boolean;
        };
        Flows: {
            /** @description recent: newest first */
            flows: {
                flow: string;
                last: components["schemas"]["Run"];
                runs: number;
                /** @description its newest runs, the newest first */
                recent: {
                    /** Format: int64 */
                    run: number | NumberText;
                    state: components["schemas"]["RunState"];
                }[];
            }[];
        };
        GraphEdge: {
            from: number;
            label?: string;
            to: number;
        };
        GraphNode: {
            id: number;
            /** @enum {string} */
            kind: "step" | "join" | "split" | "foreach" | "choose" | "loop";
            /** @description of a step its name; of others what is asked */
            name: string;
        };
        /** @description GET /api/v1/flows/{flow}/grid?limit */
        Grid: {
            flow: string;
            /** @description newest first; a cell for each step; null: not reached */
            runs: {
                cells: (components["schemas"]["Cell"] | null)[];
                run: components["schemas"]["Run"];
            }[];
            /** @description rows, in the order of the newest run's graph */
            steps: string[];
        };
        Parameter: {
            /** @description it is an HTML page: GET .../artifacts/{name}/card shows it, in a sandbox */
            card?: boolean;
            identity: string;
            name: string;
            /** @description of the artifact, "Flow/7/compute/17/median" */
            pathspec: string;
            size: number;
            /** @description "text", "int", "tensor", "pickle", "table", "file", "folder", "struct", "list", "map", ... */
            type: string;
            value: unknown;
            trouble?: components["schemas"]["Trouble"];
        };
        Request: {
            argument: string;
            /** @description cancel, tag, untag */
            kind: string;
            time: string;
            user: string;
        };
        Run: {
            branch?: string;
            /** @description hex digest of the code's blob */
            code?: string;
            created: string;
            ended?: string;
            /** @description number of the run's last event */
            event: number;
            /** @description one line */
            failure?: string;
            flow: string;
            /** @description while it is running or lost: when its scheduler was last heard of */
            heartbeat?: string;
            host?: string;
            namespace?: string;
            /** @description pathspec of the run that it resumed */
            origin?: string;
            /** @description "MovieStats/1763829152123456" */
            pathspec: string;
            project?: string;
            /** Format: int64 */
            run: number | NumberText;
            seconds?: number;
            state: components["schemas"]["RunState"];
            system_tags: string[];
            tags: string[];
            tasks: number;
            tasks_done: number;
            tasks_failed: number;
            user?: string;
            /** @description how many tasks the run will have; at_least: a foreach, choose or loop ahead may add to it. Never falls */
            progress: {
                total: number;
                at_least: boolean;
            };
        };
        /** @description GET /api/v1/runs/{flow}/{run} */
        RunDetails: {
            branch?: string;
            /** @description hex digest of the code's blob */
            code?: string;
            created: string;
            /** @description from the first task to the one that ended last */
            critical_path: {
                seconds: number;
                step: string;
                task: number;
            }[];
            ended?: string;
            /** @description number of the run's last event */
            event: number;
            /** @description one line */
            failure?: string;
            /** @description most frequent first */
            failures: components["schemas"]["FailureGroup"][];
            flow: string;
            graph: {
                edges: components["schemas"]["GraphEdge"][];
                nodes: components["schemas"]["GraphNode"][];
                /** @description of graphs that are equal the same */
                digest: string;
            };
            /** @description while it is running or lost: when its scheduler was last heard of */
            heartbeat?: string;
            host?: string;
            metadata: {
                attempt: number;
                key: string;
                value: string;
            }[];
            namespace?: string;
            /** @description pathspec of the run that it resumed */
            origin?: string;
            parameters: components["schemas"]["Parameter"][];
            /** @description "MovieStats/1763829152123456" */
            pathspec: string;
            project?: string;
            /** @description not yet answered by the scheduler */
            requests: components["schemas"]["Request"][];
            /** @description when it failed, was cancelled or lost */
            resume?: {
                command: string;
                steps: string[];
            };
            /** Format: int64 */
            run: number | NumberText;
            seconds?: number;
            state: components["schemas"]["RunState"];
            steps: components["schemas"]["Step"][];
            system_tags: string[];
            tags: string[];
            tasks: number;
            tasks_done: number;
            tasks_failed: number;
            user?: string;
            /** @description why tasks do not run yet: "cpu", "pool gpu", "retry in 4 s"; "": it is not their turn */
            waiting: {
                reason: string;
                tasks: number;
            }[];
            /** @description what failed besides the groups listed; both together are all that failed */
            failures_more?: {
                groups: number;
                tasks: number;
            };
            /** @description by the name of the part */
            troubles?: {
                [key: string]: components["schemas"]["Trouble"];
            };
            /** @description how many tasks the run will have; at_least: a foreach, choose or loop ahead may add to it. Never falls */
            progress: {
                total: number;
                at_least: boolean;
            };
        };
        /** @enum {string} */
        RunState: "running" | "done" | "failed" | "cancelled" | "lost";
        /** @description GET /api/v1/runs?flow&state&user&tag&project&q&since&until&parameter=name:value&before&limit */
        Runs: {
            /** @description give it as `before` for the next page; absent: this is the end */
            before?: number;
            /** @description for the topic "runs" of the event stream */
            cursor: string;
            /** @description newest first */
            runs: components["schemas"]["Run"][];
        };
        Side: {
            identity: string;
            /** @description without value: its beginning, or its type */
            shown: string;
            size: number;
            type: string;
            /** @description of a small value: it, exact and tagged as in Preview */
            value?: unknown;
            trouble?: components["schemas"]["Trouble"];
        };
        Step: {
            done: number;
            ended?: string;
            /** @description how many tasks it will have, as far as is known now */
            expected?: number;
            failed: number;
            /** @description waiting: those with a row, and items that a foreach has opened */
            ready: number;
            running: number;
            seconds?: number;
            started?: string;
            step: string;
            tasks: number;
        };
        /** @description Every answer with a status of 400 and above. */
        Problem: {
            error: {
                code: string;
                context?: string;
                hint?: string;
                message: string;
                /** @description of a resume that was refused: the pathspec of the run in the way */
                run?: string;
                /** @description what does it all the same */
                command?: string;
            };
        };
        RunEvent: {
            cursor: string;
            /**
             * @description too far behind: fetch the columns again
             * @constant
             */
            reload?: true;
            /**
             * @description the run is gone
             * @constant
             */
            removed?: true;
            run: components["schemas"]["Run"];
            steps: components["schemas"]["Step"][];
            /** @description changed since the cursor before */
            tasks?: components["schemas"]["TaskChange"][];
            /** @description "run/Flow/7" */
            topic: string;
            waiting: {
                reason: string;
                tasks: number;
            }[];
        };
        /** @description GET /api/v1/events?topic=runs@CURSOR&topic=run/Flow/7@EVENT: server-sent events, at most 4 a second a topic; a comment every 15 s. `id` is "topic@cursor"; after a reconnect it takes the place of that topic's cursor in the address. */
        RunsEvent: {
            cursor: string;
            /**
             * @description too far behind: fetch the list again
             * @constant
             */
            reload?: true;
            /** @description pathspecs */
            removed?: string[];
            /** @description new, or changed */
            runs?: components["schemas"]["Run"][];
            /** @constant */
            topic: "runs";
        };
        Status: {
            /** @enum {string} */
            role: "reader" | "operator";
            time: string;
            /** @description whose account the server runs under */
            user: string;
            version: string;
            /** @description whether the caller may cancel, tag and resume here */
            controls: boolean;
            /** @description why runs are not controlled from here, or whose code would run as whom */
            trust?: string;
            /** @description parts of the server that domains bring */
            modules: {
                name: string;
                /**
                 * @description failed: it answered something with a mistake of its own; off: it could not be made
                 * @enum {unknown}
                 */
                state: "ok" | "failed" | "off";
                failures?: number;
                /** @description when it failed last */
                last?: string;
                /** @description how; for operators */
                message?: string;
            }[];
        };
        /** @description why a part of an answer is missing, and what to do; the other parts are there */
        Trouble: {
            message: string;
            hint: string;
        };
        ArtifactRef: {
            /** @description it is an HTML page: GET .../artifacts/{name}/card shows it, in a sandbox */
            card?: boolean;
            identity: string;
            name: string;
            /** @description of the artifact, "Flow/7/compute/17/median" */
            pathspec: string;
            size: number;
            /** @description "text", "int", "tensor", "pickle", "table", "file", "folder", "struct", "list", "map", ... */
            type: string;
            trouble?: components["schemas"]["Trouble"];
        };
        Attempt: {
            attempt: number;
            ended?: string;
            failure?: {
                code?: number;
                kind: string;
                message?: string;
                place?: string;
                type?: string;
            };
            log: {
                dropped_bytes?: number;
                err_bytes: number;
                first_error?: number;
                out_bytes: number;
            };
            seconds?: number;
            started?: string;
            state: components["schemas"]["TaskState"];
            usage?: {
                peak_memory_bytes: number;
                /** @enum {string} */
                source: "rusage" | "cgroup";
                system_seconds: number;
                user_seconds: number;
            };
        };
        /** @description GET /api/v1/runs/{flow}/{run}/columns?after&limit: tasks as columns, by number. Times are milliseconds. */
        Columns: {
            /** @description [index, attempts], where it is not 1 */
            attempts: number[][];
            /** @description run lengths as [first index, how many] of tasks taken from another run */
            cloned: number[][];
            /** @description attempts before the last: [task number, attempt, started, ended (ms after origin), state] */
            earlier: number[][];
            /** @description after started; -1: not yet */
            ended: number[];
            /** @description cursor for the topic of this run */
            event: number;
            /** @description there are tasks behind */
            more: boolean;
            /** @description differences: number[i] = number[i-1] + numbers[i], beginning at 0 */
            numbers: number[];
            /** @description time 0: the run's `created` */
            origin: string;
            /** @description differences from task to task, beginning at 0 */
            ready: number[];
            /** @description after ready; -1: not yet */
            started: number[];
            /** @description one digit a task: 0 ready, 1 running, 2 done, 3 failed, 4 cancelled */
            state: string;
            /** @description run lengths: [index into steps, how many tasks] */
            step: number[][];
            steps: string[];
        };
        Task: {
            attempts: number;
            /** @description pathspec of the task that ran */
            cloned_from?: string;
            ended?: string;
            label?: string;
            note?: string;
            /** @description "[3.17]" */
            path: string;
            pathspec: string;
            /** @description 0 to 1 */
            progress?: number;
            ready?: string;
            seconds?: number;
            started?: string;
            state: components["schemas"]["TaskState"];
            step: string;
            task: number;
            waiting?: string;
        };
        /** @description [number, step, state digit, ready, started, ended, attempts, progress]: ms after the run's `created`, -1 not yet/not told */
        TaskChange: [
            number,
            string,
            number,
            number,
            number,
            number,
            number,
            number
        ];
        /** @description GET /api/v1/runs/{flow}/{run}/tasks/{task}: by number, or ?path=[3]&step=compute instead of the number "-" */
        TaskDetails: {
            after: components["schemas"]["TaskLink"][];
            after_count: number;
            /** @description what it wrote or merged */
            artifacts: components["schemas"]["ArtifactRef"][];
            /** @description oldest first */
            attempt_list: components["schemas"]["Attempt"][];
            attempts: number;
            /** @description tasks that led to it, at most 20 */
            before: components["schemas"]["TaskLink"][];
            before_count: number;
            /** @description pathspec of the task that ran */
            cloned_from?: string;
            ended?: string;
            /** @description what it saw besides, parameters included */
            inherited: components["schemas"]["ArtifactRef"][];
            label?: string;
            metadata: {
                attempt: number;
                key: string;
                value: string;
            }[];
            note?: string;
            /** @description "[3.17]" */
            path: string;
            pathspec: string;
            /** @description 0 to 1 */
            progress?: number;
            ready?: string;
            run: components["schemas"]["Run"];
            seconds?: number;
            started?: string;
            state: components["schemas"]["TaskState"];
            step: string;
            task: number;
            waiting?: string;
            /** @description by the name of the part */
            troubles?: {
                [key: string]: components["schemas"]["Trouble"];
            };
        };
        TaskLink: {
            label?: string;
            path: string;
            state: components["schemas"]["TaskState"];
            step: string;
            task: number;
        };
        /** @enum {string} */
        TaskState: "ready" | "running" | "done" | "failed" | "cancelled";
        /** @description GET /api/v1/runs/{flow}/{run}/tasks?step&state&q&after&limit, by number; q looks in labels, paths and numbers */
        Tasks: {
            /** @description give it as `after` for the next page; absent: this is the end */
            after?: number;
            tasks: components["schemas"]["Task"][];
        };
        SignalsReports: {
            reports: (components["schemas"]["SignalsSummary"] | components["schemas"]["SignalsTrouble"])[];
            /** @description give it as `before` for the next page; absent: this is the end */
            before?: number;
        };
        SignalsSummary: {
            pathspec: string;
            created: string;
            user?: string;
            flow: string;
            /** Format: int64 */
            run: number | NumberText;
            /** @description whose artifacts "report" and "page" are */
            task: number;
            /** @description whether there is an artifact "page": the report for people */
            has_page: boolean;
            target: string;
            /** @description when the target changed */
            onset: string;
            is_explained: boolean;
            candidates: number;
            /** @description the best three */
            findings: {
                series: string;
                score: number;
            }[];
        };
        /** @description A report that cannot be read. */
        SignalsTrouble: {
            pathspec: string;
            created: string;
            user?: string;
            trouble: components["schemas"]["Trouble"];
        };
        SignalsReport: {
            pathspec: string;
            created: string;
            flow: string;
            /** Format: int64 */
            run: number | NumberText;
            task: number;
            has_page: boolean;
            report: components["schemas"]["SignalsWrittenReport"];
        };
        /** @description docs/formats/signals-report.schema.json */
        SignalsWrittenReport: {
            target: {
                series: string;
            };
            candidates: number;
            is_explained: boolean;
            findings: {
                series: string;
                score: number;
                onset?: {
                    at: string;
                };
            }[];
        };
        SignalsStanding: {
            /** @description 1 is the best */
            place: number;
            score: number;
        };
        SignalsComparison: {
            a: components["schemas"]["SignalsSummary"];
            b: components["schemas"]["SignalsSummary"];
            /** @description first what both name, by the place in a */
            series: {
                series: string;
                a: components["schemas"]["SignalsStanding"] | null;
                b: components["schemas"]["SignalsStanding"] | null;
            }[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;

import createClient from "openapi-fetch";
import type { components, paths } from "./made/schema.js";

type Schemas = components["schemas"];

const api = createClient<paths>({ baseUrl: "http://127.0.0.1:5080", headers: { "X-Api-Key": "leadsens-dev-key" } });

/** As somebody writes a client: it compiles where the document says what the API takes and what it answers. */
export async function start(name: string, jobTitles: string[]): Promise<string> {
    const { data, error } = await api.POST("/api/campaigns", { body: { name, icp: { jobTitles }, limit: 50, targets: ["instantly", "hubspot"] } });
    if (error) throw new Error(said(error));
    return data.id;
}

export async function* campaigns(status: Schemas["CampaignStatus"]): AsyncGenerator<Schemas["CampaignSummary"]> {
    let cursor: string | null = null;
    do {
        const page: { data?: Schemas["PageOfCampaignSummary"]; error?: Schemas["Problem"] } =
            await api.GET("/api/campaigns", { params: { query: { status, limit: 100, ...(cursor === null ? {} : { cursor }) } } });
        if (!page.data) throw new Error(page.error ? said(page.error) : "no answer");
        yield* page.data.items;
        cursor = page.data.nextCursor;
    } while (cursor !== null);
}

export async function approve(campaignId: string): Promise<void> {
    const open = await api.GET("/api/approvals", { params: { query: { campaignId, status: "pending" } } });
    if (open.error) throw new Error(said(open.error));
    for (const { id } of open.data.items) {
        const shown = await api.GET("/api/approvals/{id}", { params: { path: { id } } });
        if (shown.error) throw new Error(said(shown.error));
        const decided = await api.POST("/api/approvals/{id}/decision", {
            params: { path: { id } }, body: { decision: "approve", contentHash: shown.data.approval.contentHash },
        });
        if (decided.error) throw new Error(said(decided.error));
    }
}

export async function signIn(email: string, password: string): Promise<Date> {
    const { data, error } = await api.POST("/api/auth/login", { body: { email, password } });
    if (error) throw new Error(said(error));
    if (!data.expiresAt) throw new Error("a second factor is asked for");
    return new Date(data.expiresAt);
}

/** What the API does not know does not compile. */
export async function mistakes(): Promise<void> {
    // @ts-expect-error a status is spelt as the API spells it
    await api.GET("/api/campaigns", { params: { query: { status: "running" } } });
    // @ts-expect-error a page has a number of items
    await api.GET("/api/leads", { params: { query: { limit: "10" } } });
    // @ts-expect-error nobody signs in without a password
    await api.POST("/api/auth/login", { body: { email: "anna@example.com" } });
    // @ts-expect-error there is no such list
    await api.GET("/api/companies");
}

function said(problem: Schemas["Problem"]): string {
    const fields = Object.entries(problem.errors ?? {}).map(([field, lines]) => `${field}: ${lines.join(" ")}`);
    return [`${problem.code}: ${problem.title}`, ...fields].join("\n");
}

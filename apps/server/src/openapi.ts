import { type Route, routes } from '@deungdae/contracts/api.ts';
import * as entities from '@deungdae/contracts/api-entities.ts';
import { z } from 'zod';

type Json = Record<string, unknown>;

/** OpenAPI 3.1 of all routes, made from the contract. */
export function openApiDocument(): Json {
  const paths: Record<string, Json> = {};
  for (const [id, route] of Object.entries(routes) as [string, Route][]) {
    const path = `/api${route.path.replace(/:(\w+)/g, '{$1}')}`;
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(id, route) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Deungdae',
      version: '1',
      description: 'Times are integer microseconds UTC unless a name says otherwise.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    security: [{ session: [] }, { token: [] }],
    paths,
    components: {
      schemas: { ApiError: schemaOf(entities.ApiError, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'deungdae_session' },
        token: { type: 'http', scheme: 'bearer' },
      },
    },
  };
}

function operation(id: string, route: Route): Json {
  const failure = {
    description: 'What went wrong and what to do',
    content: { 'application/json': { schema: { $ref: '#/components/schemas/ApiError' } } },
  };
  return {
    operationId: id,
    summary: route.summary,
    description: accessText(route),
    ...(route.access === 'public' ? { security: [] } : {}),
    parameters: [...parameters('path', route.params), ...parameters('query', route.query)],
    ...(route.body ? { requestBody: { required: true, content: bodyContent(route, route.body) } } : {}),
    responses: {
      200: {
        description: 'Done',
        content: {
          [route.contentType ?? 'application/json']: route.contentType
            ? {}
            : { schema: schemaOf(route.response, 'output') },
        },
      },
      '4XX': failure,
      '5XX': failure,
    },
  };
}

function bodyContent(route: Route, body: NonNullable<Route['body']>): Json {
  if (route.upload === undefined) return { 'application/json': { schema: schemaOf(body, 'input') } };
  return { 'application/octet-stream': { schema: { type: 'string', format: 'binary', maxLength: route.upload } } };
}

function accessText(route: Route): string {
  if (route.access === 'public') return 'Open to all.';
  if (route.access === 'signedIn') return 'Any signed-in person or token.';
  return `Roles: ${[...route.access, 'administrator'].join(', ')}.`;
}

function parameters(where: 'path' | 'query', schema: z.ZodObject | undefined): Json[] {
  if (!schema) return [];
  const json = schemaOf(schema, 'input') as { properties?: Record<string, Json>; required?: string[] };
  return Object.entries(json.properties ?? {}).map(([name, property]) => {
    const { description, ...rest } = property;
    return {
      name,
      in: where,
      required: where === 'path' || (json.required ?? []).includes(name),
      ...(description ? { description } : {}),
      schema: rest,
    };
  });
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' }) as Json;
  return json;
}

import { expect } from 'chai';
import { exchange, expectProblem } from './exchange.ts';
import { serviceOfThisFile } from './running-service.ts';

describe('the page of the interface', () => {
  const service = serviceOfThisFile();

  it('has all that it loads from this service, and nothing inline, as the content security policy asks', async () => {
    const page = await service().get('/docs');
    expect(page.status).to.equal(200);
    expect(page.type).to.equal('text/html; charset=utf-8');
    expect(page.text).to.not.match(/<script>|<style|\bon\w+=|\bstyle=|https?:\/\/|src="\/\//);
    expect(page.headers['content-security-policy']).to.match(
      /default-src 'none';script-src 'self';style-src 'self';/,
    );
    const loaded = Array.from(page.text.matchAll(/(?:src|href)="(?!data:)([^"]+)"/g), ([, path]) => path!);
    expect(loaded).to.deep.equal([
      './docs/swagger-ui.css',
      'openapi.json',
      './docs/swagger-ui-bundle.js',
      './docs/start.js',
    ]);
    for (const path of loaded) {
      const { status, text, type } = await service().get(new URL(path, 'http://x/docs').pathname);
      expect(status, path).to.equal(200);
      expect(text.length, path).to.be.greaterThan(100);
      expect(type, path).to.match(/^(text\/css|text\/javascript|application\/json);/);
    }
  });

  it('starts with the document of this service, and asks no validator of others', async () => {
    const { text } = await service().get('/docs/start.js');
    expect(text).to.include("url: 'openapi.json'").and.include('validatorUrl: null');
  });

  it('shows no other file of the package that draws it', async () => {
    for (const file of [
      'package.json',
      'index.html',
      'swagger-ui.css.map',
      '..%2fpackage.json',
      '%2e%2e%2f',
    ]) {
      expectProblem(await service().get(`/docs/${file}`), 404, 'route_not_found');
    }
    expectProblem(await service().post('/docs/swagger-ui.css'), 405, 'method_not_allowed');
  });

  it('is sent whole, whatever part is asked for', async () => {
    const whole = await service().get('/docs/swagger-ui.css');
    const headers = { range: 'bytes=0-9', 'if-modified-since': new Date().toUTCString() };
    const { status, text } = await exchange(service().address, 'GET', '/docs/swagger-ui.css', { headers });
    expect(status).to.equal(200);
    expect(text).to.equal(whole.text);
  });
});
